// The page of alarms, and the header's link to it.
import type { Locator, Page } from '@playwright/test';

export class AlarmsPage {
  readonly link: Locator;

  constructor(private readonly page: Page) {
    this.link = page.getByRole('banner').getByRole('link', { name: /^Alarms/ });
  }

  async open() {
    await this.page.goto('/alarms');
  }

  /** The alarm of an application that goes on; there is one at most in these stories. */
  goingOn(application: number): Locator {
    return this.row('Going on', application);
  }

  ended(application: number): Locator {
    return this.row('Alarms that ended', application);
  }

  async acknowledge(application: number) {
    await this.goingOn(application).getByRole('button', { name: /^Acknowledge/ }).click();
  }

  private row(table: string, application: number): Locator {
    return this.page.getByRole('table', { name: table }).getByRole('row').filter({ has: this.page.locator(`a[href*="/applications/${application}/"]`) });
  }
}
