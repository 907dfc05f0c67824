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
  async reveal(what: string) {
    await this.askFor(what);
    await this.main.getByRole('button', { name: 'Hide' }).or(this.link('Hide')).waitFor();
  }

  /** Presses what shows a secret, on whichever of the two pages. */
  async askFor(what: string) {
    const link = this.main.getByRole('link', { name: `Show the ${what}` });
    const show = this.page.getByRole('button', { name: `Show ${what}` });
    await link.or(show).waitFor();
    if (await link.isVisible()) {
      await link.click();
      const next = this.main.getByRole('button', { name: 'Hide' }).or(this.page.getByRole('heading', { name: 'Is it you?' }));
      await show.or(next).waitFor();
    }
    if (await show.isVisible()) await show.click();
  }
}
