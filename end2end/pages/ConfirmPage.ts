// Proving once more who one is.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

export class ConfirmPage extends Screen {
  readonly password = this.field('Your password');

  readonly code = this.field('Code');

  async confirm(password: string) {
    await this.password.fill(password);
    await this.form(this.password).getByRole('button', { name: 'Confirm', exact: true }).click();
  }

  /** Proves it by a one-time code or a recovery code. */
  async confirmByCode(code: string) {
    await this.code.fill(code);
    await this.form(this.code).getByRole('button', { name: 'Confirm', exact: true }).click();
  }

  /** The form that a field belongs to: each way of proving has its own. */
  private form(field: Locator): Locator {
    return this.page.locator('form').filter({ has: field });
  }
}
