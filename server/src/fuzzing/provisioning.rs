//! Fuzz entry point for the description that the provisioning door takes.
//!
//! Whatever it is: nothing panics, what is told of a body that is not understood is short, one that is taken names no more
//! things than allowed, and no file of the machine is read for it.

use crate::{
    provisioning::{
        Files,
        description::{Application, Document, MAX_THINGS, VendorChannel},
        inputs,
    },
    rest::provisioning::body::parse,
    services::channel_cards,
};
use domain::channel::Channel;

/// The body of `POST /provisioning/v1/apply`.
pub fn provisioning(data: &[u8]) {
    match parse(data) {
        Ok(document) => taken(&document),
        Err(told) => refused(&told),
    }
}

fn refused(told: &str) {
    assert!((1..=300).contains(&told.chars().count()), "{told}");
}

fn taken(document: &Document) {
    assert!(document.things() <= MAX_THINGS);
    for application in document.products.iter().flat_map(|product| &product.applications) {
        look_at(application);
    }
    let kept = document.im_applications.iter().flat_map(|im| &im.channels);
    kept.for_each(|(channel, card)| look_into(*channel, card));
}

fn look_at(application: &Application) {
    let packages = application.packages.iter().flat_map(|package| &package.channels);
    for (channel, card) in application.channels.iter().chain(packages) {
        look_into(*channel, card);
    }
    for certificate in &application.certificates {
        let read = inputs::upload(certificate, Files::None);
        let without = certificate.pem.is_empty() && certificate.file_base64.is_empty();
        assert!(read.is_err() || !without, "a file was read");
    }
}

fn look_into(channel: Channel, card: &VendorChannel) {
    let stored = channel_cards::empty(channel);
    match inputs::change(channel, &stored, card, Files::None) {
        Ok(Some(change)) => _ = channel_cards::checked(channel, &change, Some(&stored)),
        Ok(None) => {}
        Err(fault) => assert!(fault.to_string().chars().count() <= 400, "{fault}"),
    }
    assert!(
        card.fields.keys().all(|name| !name.ends_with("_file"))
            || inputs::change(channel, &stored, card, Files::None).is_err(),
        "a file was read"
    );
}
