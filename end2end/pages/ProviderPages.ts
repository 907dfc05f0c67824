// Signing in by an identity provider.
import { Screen } from './Screen';

/** The provider's own page. */
export class AtProviderPage extends Screen {
  async goOn(name: string) {
    await this.page.getByLabel('Name').fill(name);
    await this.button('Go on').click();
  }
}

/** Why the way ended. */
export class RefusedPage extends Screen {
  readonly again = this.main.getByRole('link', { name: 'Try again' });
  readonly toSignIn = this.main.getByRole('link', { name: 'To the sign-in page' });
}
