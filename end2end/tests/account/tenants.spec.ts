import { expect, test } from '../../fixtures/test';
import { ProductsPage } from '../../pages/ProductPages';

test('one tenant’s things are not there for another', async ({ page, signIn, scene, world, unique }) => {
  const other = { name: `other-${unique}`, password: 'the owner of something else' };
  const { products: [own] } = await world.apply({
    root: other,
    products: [{ name: `Own ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' }] }],
  });
  await signIn(other);
  const products = new ProductsPage(page);
  await products.open();
  await expect(page.getByText('1–1 of 1')).toBeVisible();
  await expect(products.product(`Own ${unique}`)).toBeVisible();

  const { product, android, im } = scene;
  const pages = [
    `/products/${product.id}/edit`,
    `/products/${product.id}/authorisation`,
    `/applications/${android.access_id}`,
    `/applications/${android.access_id}/basic-config`,
    `/applications/${android.access_id}/plans/${android.plan}`,
    `/im-applications/${im.sdk_app_id}`,
  ];
  for (const path of pages) {
    const answer = await page.request.get(path, { headers: { accept: 'text/html' } });
    expect.soft(answer.status(), path).toBe(404);
    expect.soft(await answer.text(), path).not.toContain(product.name);
  }
  const access_id = String(android.access_id);
  const sdk_app_id = String(im.sdk_app_id);
  const changes: [string, Record<string, string>][] = [
    ['products/change', { product: String(product.id), name: 'Mine', category: 'news' }],
    ['products/delete', { product: String(product.id), confirmation: product.name }],
    ['applications/rename', { access_id, name: 'Mine' }],
    ['applications/reveal', { access_id, password: other.password }],
    ['basic-configs/save-identifier', { access_id, identifier: 'com.example.mine' }],
    ['plans/create', { access_id, name: 'Mine', description: '' }],
    ['im-applications/reveal', { sdk_app_id, password: other.password }],
    ['im-applications/set-enabled', { sdk_app_id, enabled: 'false' }],
    ['authorisations/add', { im_application: sdk_app_id, product: String(own.id), application: String(own.applications[0].id) }],
    ['authorisations/revoke', { product: String(product.id), authorisation: String(android.authorisation) }],
  ];
  for (const [endpoint, form] of changes) {
    const answer = await page.request.post(`/ui/${endpoint}`, { form });
    expect.soft([404, 422], `${endpoint}: ${await answer.text()}`).toContain(answer.status());
  }
});
