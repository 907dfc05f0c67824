// Passkeys: in the own account, and signing in with them.
import { Screen } from './Screen';

export class PasskeysPage extends Screen {
  readonly name = this.field('Name');
  readonly table = this.page.getByRole('table', { name: 'Your passkeys' });

  async open() {
    return this.visit('/account');
  }

  /** By the link of the own account. */
  async add(name: string) {
    await this.link('Add a passkey').click();
    await this.name.fill(name);
    await this.button('Create passkey').click();
  }

  async remove(name: string) {
    await this.button(`Remove the passkey ${name}`).click();
  }
}

/** Demanding a second step of sub-accounts. */
export class DemandPage extends Screen {
  readonly table = this.page.getByRole('table', { name: 'Sub-accounts and their second steps' });

  async open() {
    return this.visit('/sub-accounts/second-step');
  }
}
