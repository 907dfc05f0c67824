// Third-party Authorization of a product.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

export class AuthorisationPage extends Screen {
  readonly modes = this.page.getByRole('navigation', { name: 'Kind of authorisation' });
  readonly imMode = this.modes.getByRole('link', { name: 'IM Application Authorization' });
  readonly tpnsMode = this.modes.getByRole('link', { name: 'TPNS Application Authorization' });
  /** What an IM authorisation means, told on the first visit. */
  readonly introduction = this.page.getByText('An authorised IM application may push offline messages');
  readonly table = this.page.getByRole('table', { name: 'Authorisations in force' });
  readonly add = this.main.getByRole('link', { name: 'Add Authorization' }).first();

  async open(product: number, mode?: 'im') {
    return this.visit(`/products/${product}/authorisation${mode ? `?mode=${mode}` : ''}`);
  }

  async acknowledge() {
    await this.button('OK').click();
  }

  row(application: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('link', { name: application, exact: true }) });
  }

  async unauthorise(im: string, application: string) {
    await this.table.getByRole('link', { name: `Unauthorise: ${im} – ${application}` }).click();
  }
}

/** Add Authorization: with script a dialog over the list, without a page. */
export class AddAuthorisationPage extends Screen {
  readonly imApplication = this.field('IM application');
  readonly product = this.field('Product');
  readonly application = this.field('Application');

  async open(product: number) {
    return this.visit(`/products/${product}/authorisation/add`);
  }

  async authorise(chosen: { im: string; product: string; application: string }) {
    await this.choose(this.imApplication, chosen.im);
    await this.choose(this.product, chosen.product);
    await this.choose(this.application, chosen.application);
    await this.submit();
  }

  async submit() {
    await this.button('Submit').click();
  }
}
