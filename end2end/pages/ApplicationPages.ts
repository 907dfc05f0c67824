// Application Information and what belongs to it.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

export class ApplicationPage extends Screen {
  async open(accessId: number) {
    return this.visit(`/applications/${accessId}`);
  }

  /** What stands beside a name in the lists of names and values. */
  value(name: string): Locator {
    const term = this.page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) });
    return term.locator('xpath=following-sibling::dd');
  }

  /** Asks to see a secret: with script in place, without on a page of its own. */
  async reveal(what: string, password: string) {
    await this.main.getByRole('link', { name: `Show the ${what}` }).click();
    await this.givePassword(password);
  }

  /** Gives the password that a secret is shown for. */
  async givePassword(password: string) {
    await this.field('Your password').fill(password);
    await this.page.getByRole('button', { name: /^Show/ }).click();
  }
}
