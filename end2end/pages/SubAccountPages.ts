// Sub-accounts.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

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
  readonly mayAuthorise = this.page.getByRole('checkbox', { name: 'Manage IM Application Authorization' });

  async openNew() {
    return this.visit('/sub-accounts/new');
  }

  async openEdit(account: number) {
    return this.visit(`/sub-accounts/${account}`);
  }

  /** The choice of a preset for an application. */
  preset(application: string): Locator {
    return this.row(application).getByRole('combobox');
  }

  /** The box of a right on an application, once the rights are unfolded. */
  right(application: string, right: string): Locator {
    return this.row(application).getByRole('checkbox', { name: right });
  }

  async unfold(application: string) {
    const all = this.row(application).getByRole('group');
    if ((await all.getAttribute('open')) === null) await all.getByText('Rights one by one').click();
  }

  private row(application: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: application }) });
  }
}
