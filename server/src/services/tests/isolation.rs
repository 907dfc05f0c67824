//! What belongs to one tenant does not exist for another, whatever method is asked.

use super::{
    World,
    world::{card, draft},
};
use domain::{
    CertificateId, PackageId, Problem,
    certificate::Upload,
    channel::{Card, Channel},
    plan::PlanDraft,
    ports::{Applications, Authorisations, BasicConfigs, ImApplications, Packages, Plans, Products, SubAccounts},
    problem::What,
    product::{NewApplication, Platform, ProductChange, ProductQuery},
};

macro_rules! not_found {
    ($what:ident: $($call:expr;)+) => {$(
        assert_eq!($call.await.err(), Some(Problem::NotFound(What::$what)), stringify!($call));
    )+};
}

#[tokio::test]
async fn another_tenant_s_rows_do_not_exist_for_any_method() {
    let world = World::new().await;
    let (owner, stranger) = (world.root("owner").await, world.root("stranger").await);
    let application = world.application(&owner, "Chat", Platform::Ios).await;
    let (own, sdk_app_id) = (
        world.application(&stranger, "Mine", Platform::Ios).await,
        world.im(&owner, "IM").await,
    );
    let own_im = world.im(&stranger, "Mine").await;
    let authorisation = world
        .services
        .authorisations
        .add(&owner, sdk_app_id, application.id)
        .await
        .expect("added");
    let sub = world.sub(&owner, "dev", &[]).await;
    let (id, product, s) = (application.access_id, application.product, &stranger);
    let plan = world.services.plans.list(&owner, id).await.expect("lists")[0].id;
    let change = ProductChange {
        name: "Stolen".into(),
        category: "news".into(),
    };
    let added = NewApplication {
        product,
        platform: "android".into(),
        name: "Stolen".into(),
    };
    let described = PlanDraft {
        name: "Stolen".into(),
        description: String::new(),
    };
    let upload = Upload::P8 {
        file: vec![1],
        key_id: "ABCDE12345".into(),
        team_id: "ABCDE12345".into(),
        environments: vec![],
    };
    let w = &world.services;
    let packages = super::packages::packages(&world);
    not_found! { Product:
        w.products.get(s, product);
        w.products.change(s, product, change.clone());
        w.products.delete(s, product, "Chat");
        w.products.add_application(s, added.clone());
        w.authorisations.page(s, product);
    }
    not_found! { Application:
        w.applications.get(s, id);
        w.applications.rename(s, id, "Stolen");
        w.applications.delete(s, id, "Chat iOS");
        w.applications.reveal_secret_key(s, id);
        w.basic_configs.get(s, id);
        w.basic_configs.save_identifier(s, id, "com.example.stolen");
        w.basic_configs.save_channel(s, id, Card::main(Channel::Apns), card(true, &[]));
        w.basic_configs.remove_channel(s, id, Card::main(Channel::Apns));
        packages.add(s, id, "com.example.stolen");
        packages.get(s, id, PackageId(1));
        packages.remove(s, id, PackageId(1));
        w.basic_configs.take_over(s, id, Channel::Apns);
        w.basic_configs.upload(s, id, upload.clone());
        w.basic_configs.remove_certificate(s, id, CertificateId(1));
        w.plans.list(s, id);
        w.plans.get(s, id, plan);
        w.plans.create(s, id, described.clone());
        w.plans.change(s, id, plan, described.clone());
        w.plans.delete(s, id, plan, "");
        w.authorisations.add(s, own_im, application.id);
    }
    not_found! { ImApplication:
        w.im_applications.get(s, sdk_app_id);
        w.im_applications.set_enabled(s, sdk_app_id, false);
        w.im_applications.set_administrators(s, sdk_app_id, vec!["me".into()]);
        w.im_applications.delete(s, sdk_app_id, "IM");
        w.im_applications.reveal_key(s, sdk_app_id);
        w.im_applications.channels(s, sdk_app_id);
        w.im_applications.save_channel(s, sdk_app_id, Channel::Vivo, card(true, &[]));
        w.authorisations.add(s, sdk_app_id, own.id);
    }
    not_found! { Authorisation: w.authorisations.revoke(s, authorisation); }
    not_found! { Plan: w.plans.get(s, own.access_id, plan); }
    not_found! { Account:
        w.sub_accounts.get(s, sub.account);
        w.sub_accounts.change(s, sub.account, draft("dev", &[]));
        w.sub_accounts.delete(s, sub.account);
    }
    assert_eq!(
        w.products.list(s, ProductQuery::default()).await.expect("lists").total,
        1
    );
    assert_eq!(w.applications.list(s).await.expect("lists").len(), 1);
    assert_eq!(w.im_applications.list(s).await.expect("lists").len(), 1);
    let choices = w.authorisations.choices(s).await.expect("lists");
    assert_eq!((choices.im_applications.len(), choices.products.len()), (1, 1));
    assert_eq!(world.view(&owner, id).await.name, "Chat iOS", "nothing was changed");
}
