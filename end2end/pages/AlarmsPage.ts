// The page of alarms, and the header's link to it.
import type { Locator, Page } from '@playwright/test';
import { Screen } from './Screen';

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

/** Who is told of alarms. */
export class RecipientsPage extends Screen {
  readonly add = this.main.getByRole('link', { name: 'Add recipient' }).first();

  async open() {
    return this.visit('/alarms/recipients');
  }

  row(address: string): Locator {
    return this.main.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: address, exact: true }) });
  }

  async test(address: string) {
    await this.row(address).getByRole('button', { name: 'Send a test' }).click();
  }
}

export class RecipientForm extends Screen {
  readonly address = this.field('Address');
  readonly quietFrom = this.field('Quiet from');
  readonly quietUntil = this.field('Quiet until');

  async open() {
    return this.visit('/alarms/recipients/new');
  }

  async submit(address: string, button = 'Create') {
    await this.address.fill(address);
    await this.button(button).click();
  }
}
