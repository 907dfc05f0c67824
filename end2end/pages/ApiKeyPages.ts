// API keys.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

export class ApiKeysPage extends Screen {
  readonly create = this.main.getByRole('link', { name: 'Create API key' }).first();

  async open() {
    return this.visit('/api-keys');
  }

  row(name: string): Locator {
    return this.main.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name }) });
  }

  /** A link of a key's row. */
  operation(what: string, name: string): Locator {
    return this.main.getByRole('link', { name: `${what}: ${name}`, exact: true });
  }
}

export class CreateApiKeyPage extends Screen {
  readonly name = this.field('Name');

  async open() {
    return this.visit('/api-keys/new');
  }

  async submit({ name, scopes = [], imApplication, days }: { name: string; scopes?: string[]; imApplication?: string; days?: string }) {
    await this.name.fill(name);
    for (const scope of scopes) await this.main.getByLabel(scope).check();
    if (imApplication) await this.field('IM application').selectOption(imApplication);
    if (days) await this.field('Expires after').selectOption(days);
    await this.button('Create').click();
  }
}

/** Where a secret is made and shown once. */
export class ApiSecretPage extends Screen {
  private readonly shown = this.main.locator('.secret-shown');

  /** Presses a button that makes a secret, and reads it. */
  async make(button: string): Promise<string> {
    await this.button(button).click();
    return (await this.shown.innerText()).trim();
  }

  get isShown(): Locator {
    return this.shown;
  }
}
