// Basic Config: identifier, vendor channels, push certificates.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

/** A file as the browser sends it. */
export interface Upload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export const upload = (name: string, content: Buffer | string): Upload => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

export class BasicConfigPage extends Screen {
  readonly packageName = this.field('Package name');
  readonly bundleId = this.field('Bundle ID');
  readonly uploadCertificate = this.main.getByRole('link', { name: 'Upload Certificate' }).first();

  async open(accessId: number) {
    return this.visit(`/applications/${accessId}/basic-config`);
  }

  async saveIdentifier(field: Locator, value: string) {
    await field.fill(value);
    await this.button('Save').click();
  }

  /** The card of a vendor channel, or of a certificate. */
  card(name: string): Locator {
    return this.main.getByRole('listitem').filter({ has: this.page.getByRole('heading', { name, exact: true }) });
  }

  /** Asks the vendor whether it takes the credential. */
  async verify(vendor: string) {
    await this.card(vendor).getByRole('button', { name: 'Verify', exact: true }).click();
  }

  /** The same where the vendor's refusal has paused the channel. */
  async verifyAndResume(vendor: string) {
    await this.card(vendor).getByRole('button', { name: 'Verify and resume', exact: true }).click();
  }

  /** Follows the offer of a card that holds other settings than the IM application. */
  async takeOver(vendor: string) {
    await this.card(vendor).getByRole('link', { name: `Take over the IM application's settings for ${vendor}` }).click();
  }

  /** Opens what stands below a card: test message and receipts. */
  async openChecks(vendor: string) {
    await this.card(vendor).locator('summary').click();
  }

  /** Where the vendor shall report to. */
  async receiptAddress(vendor: string): Promise<string> {
    return this.card(vendor).getByRole('code').filter({ hasText: '/receipts/' }).innerText();
  }

  /** Sends a test message; leads to its page. */
  async sendTest(vendor: string, to: string) {
    await this.card(vendor).getByLabel(/^User or device/).fill(to);
    await this.card(vendor).getByRole('button', { name: 'Send test message', exact: true }).click();
  }

  async editChannel(vendor: string) {
    await this.main.getByRole('link', { name: `Edit ${vendor}`, exact: true }).click();
  }
}

export class ChannelPage extends Screen {
  readonly serviceAccount = this.field('Server Private Key');
  readonly enabled = this.page.getByRole('switch', { name: 'Enable this channel' });

  async open(accessId: number, channel: string) {
    return this.visit(`/applications/${accessId}/basic-config/channels/${channel}`);
  }

  async save() {
    await this.button('Save').click();
  }

  async uploadFile(file: Upload) {
    await this.field('Service account file').setInputFiles(file);
    await this.button('Upload file').click();
  }
}

/** The further package names on Basic Config. */
export class PackagesPage extends Screen {
  readonly name = this.field('Another package name');

  async add(name: string) {
    await this.name.fill(name);
    await this.button('Add another package name').click();
  }

  /** A package with its vendor cards. */
  section(name: string): Locator {
    return this.main.getByRole('region', { name, exact: true });
  }

  card(name: string, vendor: string): Locator {
    const heading = this.page.getByRole('heading', { name: vendor, exact: true });
    return this.section(name).getByRole('listitem').filter({ has: heading });
  }

  async edit(name: string, vendor: string) {
    await this.main.getByRole('link', { name: `Edit ${vendor} of ${name}`, exact: true }).click();
  }
}

export interface Certificate {
  kind: 'p12' | 'p8';
  file?: Upload;
  password?: string;
  keyId?: string;
  teamId?: string;
  environments?: string[];
}

export class UploadCertificatePage extends Screen {
  readonly file = this.field('File');
  readonly environments = this.page.getByRole('group', { name: 'Environments' });

  async open(accessId: number) {
    return this.visit(`/applications/${accessId}/basic-config/certificates/new`);
  }

  async upload({ kind, file, password, keyId, teamId, environments = ['Production'] }: Certificate) {
    const label = kind === 'p12' ? 'Certificate (.p12)' : 'Signing key (.p8)';
    await this.page.getByRole('radio', { name: label }).check();
    if (file) await this.file.setInputFiles(file);
    if (password !== undefined) await this.field('Password of the file').fill(password);
    if (keyId !== undefined) await this.field('Key ID').fill(keyId);
    if (teamId !== undefined) await this.field('Team ID').fill(teamId);
    for (const environment of ['Production', 'Development (sandbox)']) {
      const box = this.environments.getByRole('checkbox', { name: environment });
      await box.setChecked(environments.includes(environment));
    }
    await this.button('Submit').click();
  }
}
