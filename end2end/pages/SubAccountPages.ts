// Sub-accounts.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

export type Level = 'No access' | 'View' | 'Configure';

export class SubAccountsPage extends Screen {
  readonly table = this.page.getByRole('table', { name: 'Sub-accounts of this account' });
  readonly create = this.main.getByRole('link', { name: 'Create Sub-account' }).first();

  async open() {
    return this.visit('/sub-accounts');
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }
}

/** Create and edit a sub-account. */
export class SubAccountFormPage extends Screen {
  readonly name = this.field('User name');
  readonly password = this.field('Password');
  readonly mayAuthorise = this.page.getByRole('switch', { name: 'May use IM Application Authorization' });

  async openNew() {
    return this.visit('/sub-accounts/new');
  }

  async openEdit(account: number) {
    return this.visit(`/sub-accounts/${account}`);
  }

  /** The choice of a level for an application. */
  access(application: string, level: Level): Locator {
    const row = this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: application }) });
    return row.getByRole('radio', { name: level });
  }
}
