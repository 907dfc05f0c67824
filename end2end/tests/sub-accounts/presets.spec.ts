// Each preset in each language: the root account hands it out, and whoever gets it may do what it says and nothing more.
import type { Preset } from '../../fixtures/description';
import { ROOT, expect, sub, test, type Page } from '../../fixtures/test';
import { ApplicationPage } from '../../pages/ApplicationPages';
import { BasicConfigPage } from '../../pages/BasicConfigPages';
import { PlanDetailsPage, PlanFormPage, PlansPage } from '../../pages/PlanPages';
import { Screen } from '../../pages/Screen';
import { SubAccountFormPage, SubAccountsPage } from '../../pages/SubAccountPages';

const PASSWORD = 'a helper of the owner';

type Right = 'text' | 'configure' | 'verify' | 'plans' | 'push' | 'reveal';

const PRESETS: Record<Preset, Right[]> = {
  read_only: [],
  operator: ['text', 'verify', 'plans', 'push'],
  developer: ['configure', 'verify', 'reveal'],
  full_access: ['text', 'configure', 'verify', 'plans', 'push', 'reveal'],
};

interface Words {
  lang: string;
  userName: RegExp;
  password: RegExp;
  create: string;
  signIn: string;
  editChannel: string;
  verify: string;
  createPlan: string;
  sendPush: string;
  reveal: string;
  missing: string;
  lacks: (right: string) => string;
  rights: Record<'configure' | 'plans' | 'push' | 'products' | 'im' | 'subAccounts' | 'authorisation', string>;
}

const WORDS: Record<'en' | 'zh', Words> = {
  en: {
    lang: 'en',
    userName: /^User name/,
    password: /^Password/,
    create: 'Create',
    signIn: 'Sign in',
    editChannel: 'Edit FCM',
    verify: 'Verify',
    createPlan: 'Create Plan',
    sendPush: 'Send a push',
    reveal: 'Show the Secret Key',
    missing: 'A right is missing',
    lacks: (right) => `You lack the right “${right}”. The root account ${ROOT.name} can grant it.`,
    rights: {
      configure: 'Change Basic Config',
      plans: 'Manage push plans',
      push: 'Send pushes',
      products: 'Manage products and applications',
      im: 'Manage IM applications',
      subAccounts: 'Manage sub-accounts',
      authorisation: 'Manage IM Application Authorization',
    },
  },
  zh: {
    lang: 'zh-Hans',
    userName: /^用户名/,
    password: /^密码/,
    create: '创建',
    signIn: '登录',
    editChannel: '编辑 FCM',
    verify: '验证',
    createPlan: '新建计划',
    sendPush: '发送推送',
    reveal: '查看 Secret Key',
    missing: '缺少权限',
    lacks: (right) => `您缺少“${right}”权限，可由主账号 ${ROOT.name} 授予。`,
    rights: {
      configure: '修改基础配置',
      plans: '管理推送计划',
      push: '发送推送',
      products: '管理产品和应用',
      im: '管理 IM 应用',
      subAccounts: '管理子账号',
      authorisation: '管理 IM 应用授权',
    },
  },
};

class AnyPage extends Screen {}

async function speak(page: Page, url: string, language: string) {
  await page.context().addCookies([{ name: 'lang', value: language, url }]);
}

for (const [language, words] of Object.entries(WORDS)) {
  for (const [preset, rights] of Object.entries(PRESETS) as [Preset, Right[]][]) {
    test(`${preset} in ${language}: what it says, and nothing more`, async ({ page, elsewhere, world, scene, unique }) => {
      const has = (right: Right) => rights.includes(right);
      const account = { name: `${preset}-${language}-${unique}`, password: PASSWORD };
      const text = `secret talk ${unique}`;
      expect(await scene.backEnd.send('alice', 'bob', text)).toMatchObject({ ActionStatus: 'OK' });

      // The root account hands the preset out for the Android application alone.
      const rootsPage = await elsewhere();
      await speak(rootsPage, world.url, language);
      const form = new SubAccountFormPage(rootsPage);
      await form.openNew();
      await rootsPage.getByLabel(words.userName).fill(account.name);
      await rootsPage.getByLabel(words.password).fill(PASSWORD);
      await form.preset(scene.android.name).selectOption(preset);
      await form.button(words.create).click();
      await expect(new SubAccountsPage(rootsPage).notice).toContainText(sub(account).name);

      // The sub-account signs in by the page.
      await speak(page, world.url, language);
      await page.goto('/login');
      await expect(page.locator('html')).toHaveAttribute('lang', words.lang);
      await page.getByLabel(words.userName).fill(sub(account).name);
      await page.getByLabel(words.password).fill(PASSWORD);
      await page.getByRole('button', { name: words.signIn, exact: true }).click();
      await expect(page).toHaveURL(/\/products/);
      const any = new AnyPage(page);
      await expect(any.main).toContainText(scene.product.name);
      await expect(any.main).toContainText(scene.android.name);
      await expect(any.main).not.toContainText(scene.ios.name);

      // What it says: everybody sees the pages; what is offered on them follows the rights.
      const count = (right: Right) => (has(right) ? 1 : 0);
      await new ApplicationPage(page).open(scene.android.access_id);
      await expect(page.getByRole('link', { name: words.reveal })).toHaveCount(count('reveal'));
      const config = new BasicConfigPage(page);
      await config.open(scene.android.access_id);
      await expect(config.card('FCM')).toBeVisible();
      await expect(config.link(words.editChannel)).toHaveCount(count('configure'));
      await expect(config.card('FCM').getByRole('button', { name: words.verify, exact: true })).toHaveCount(count('verify'));
      const plans = new PlansPage(page);
      await plans.open(scene.android.access_id);
      await expect(plans.link(words.createPlan)).toHaveCount(count('plans'));
      await new PlanDetailsPage(page).open(scene.android.access_id, scene.android.plan);
      await expect(any.main).toContainText('bob');
      await expect(any.link(words.sendPush)).toHaveCount(count('push'));
      await expect(any.main.getByText(text)).toHaveCount(count('text'));

      // Nothing more: an address out of bounds is answered 403 in the console's own look, with what is missing.
      const application = `/applications/${scene.android.access_id}`;
      const out: [string, string, boolean][] = [
        [`${application}/basic-config/channels/fcm`, words.rights.configure, has('configure')],
        [`${application}/plans/new`, words.rights.plans, has('plans')],
        [`${application}/plans/${scene.android.plan}/edit`, words.rights.plans, has('plans')],
        [`${application}/plans/${scene.android.plan}/send`, words.rights.push, has('push')],
        [`${application}/edit`, words.rights.products, false],
        [`/products/${scene.product.id}/edit`, words.rights.products, false],
        [`/products/${scene.product.id}/authorisation/add`, words.rights.authorisation, false],
        ['/im-applications', words.rights.im, false],
        ['/sub-accounts', words.rights.subAccounts, false],
      ];
      for (const [path, right, allowed] of out) {
        const answer = await page.goto(path);
        expect.soft(answer?.status(), path).toBe(allowed ? 200 : 403);
        await expect.soft(page.getByRole('banner'), path).toBeVisible();
        if (allowed) continue;
        await expect.soft(any.heading, path).toHaveText(words.missing);
        await expect.soft(any.main, path).toContainText(words.lacks(right));
      }
      expect((await page.goto(`/applications/${scene.ios.access_id}`))?.status(), 'not shared').toBe(404);

      // A form posted by hand gets no further than the page.
      const plan = (name: string) =>
        page.request.post('/ui/plans/create', {
          form: { access_id: String(scene.android.access_id), name, description: '' },
          headers: { accept: 'application/json', origin: world.url },
        });
      const answer = await plan(`By hand ${unique}`);
      if (has('plans')) expect(answer.ok(), await answer.text()).toBe(true);
      else expect(answer.status()).toBe(403);

      const push = await page.request.post('/ui/pushes/send', {
        form: { access_id: String(scene.android.access_id), plan: String(scene.android.plan), to: 'bob', text: `By hand ${unique}` },
        headers: { accept: 'application/json', origin: world.url },
      });
      expect(push.status(), await push.text()).toBe(has('push') ? 200 : 403);

      // And it does what it is for, by the page.
      if (has('plans') && language === 'en') {
        const fresh = new PlanFormPage(page);
        await fresh.openNew(scene.android.access_id);
        await fresh.submit(`Mine ${unique}`, 'made by an operator', 'Create');
        await expect(plans.row(`Mine ${unique}`)).toBeVisible();
      }
      if (has('configure') && language === 'en') {
        await config.open(scene.android.access_id);
        await config.saveIdentifier(config.packageName, 'com.example.shop');
        await expect(config.notice).toContainText('com.example.shop');
      }
    });
  }
}
