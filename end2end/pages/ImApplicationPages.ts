// IM Applications.
import type { Locator } from '@playwright/test';
import { ApplicationPage } from './ApplicationPages';
import { Screen } from './Screen';

export class ImApplicationsPage extends Screen {
  readonly table = this.page.getByRole('table', { name: 'IM applications of this account' });
  readonly create = this.main.getByRole('link', { name: 'Create IM Application' }).first();

  async open() {
    return this.visit('/im-applications');
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }
}

/** Create IM Application: with script a dialog over the list, without a page. */
export class CreateImApplicationPage extends Screen {
  readonly name = this.field('Name');
  readonly accessPoint = this.field('Service access point');

  async open() {
    return this.visit('/im-applications/new');
  }

  async submit({ name, accessPoint }: { name?: string; accessPoint?: string }) {
    if (name !== undefined) await this.name.fill(name);
    if (accessPoint) await this.accessPoint.selectOption(accessPoint);
    await this.button('Create').click();
  }
}

export class ImApplicationPage extends ApplicationPage {
  readonly administrators = this.field('UserIDs');

  override async open(sdkAppId: number) {
    return this.visit(`/im-applications/${sdkAppId}`);
  }

  /** The card of a vendor channel. */
  card(vendor: string): Locator {
    return this.main.getByRole('listitem').filter({ has: this.page.getByRole('heading', { name: vendor, exact: true }) });
  }

  async editChannel(vendor: string) {
    await this.main.getByRole('link', { name: `Edit ${vendor}`, exact: true }).click();
  }

  async saveAdministrators(text: string) {
    await this.administrators.fill(text);
    await this.button('Save').click();
  }
}
