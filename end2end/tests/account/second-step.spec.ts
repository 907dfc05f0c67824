// Two-step sign-in: setting it up, codes of the phone, recovery codes.
import { expect, sub, test, type Page } from '../../fixtures/test';
import { code } from '../../fixtures/one-time-codes';
import { violations } from '../../fixtures/accessibility';
import { LoginPage } from '../../pages/AccountPages';
import { OwnAccountPage, SecondStepPage, SetUpCodesPage } from '../../pages/OwnAccountPage';

async function signInWith(page: Page, account: { name: string; password: string }) {
  const login = new LoginPage(page);
  await login.open('/products');
  await login.signIn(account);
}

test('signing in asks for the code of the phone, and takes a recovery code in its place', async ({ page, apply, script, unique }) => {
  const given = { name: `step-${unique}`, password: `first of ${unique}` };
  const account = sub(given);
  await apply({ sub_accounts: [given] });
  await signInWith(page, account);
  await expect(page).toHaveURL('/products');
  const own = new OwnAccountPage(page);
  await own.open();
  await own.link('Set up').click();
  const setUp = new SetUpCodesPage(page);
  await expect(setUp.picture).toBeVisible();
  if (script) expect(await violations(page)).toEqual([]);
  const secret = (await setUp.secret.innerText()).replaceAll(' ', '');
  await setUp.turnOn('000000');
  await expect(setUp.refusal.first()).toContainText('This code is wrong');
  await setUp.turnOn(code(secret));
  await expect(own.heading).toHaveText('Recovery codes');
  await own.button('Make new recovery codes').click();
  const codes = page.getByRole('listitem').getByRole('code');
  await expect(codes).toHaveCount(10);
  if (script) expect(await violations(page)).toEqual([]);
  const recovery = await codes.first().innerText();
  await own.link('I have stored them').click();
  await expect(own.main).toContainText('10 left');
  await own.signOut();

  const second = new SecondStepPage(page);
  await signInWith(page, account);
  await expect(second.heading).toHaveText('Second step');
  if (script) expect(await violations(page)).toEqual([]);
  await second.give('123456');
  await expect(second.refusal.first()).toContainText('This code is wrong');
  await second.give(code(secret, 1));
  await expect(page).toHaveURL('/products');
  await own.signOut();

  await signInWith(page, account);
  await second.give(recovery);
  await expect(page).toHaveURL('/products');
  await own.open();
  await expect(own.main).toContainText('9 left');
  await own.button('Turn one-time codes off').click();
  await expect(own.notice).toHaveText(/One-time codes are off/);
});
