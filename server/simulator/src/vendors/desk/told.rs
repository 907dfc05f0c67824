//! What a vendor will tell of a message once it was taken: the material of its receipts.

use std::sync::Arc;

use crate::application::{Application, is_loopback};
use crate::vendors::Vendor;
use crate::world::World;

/// What became of a message at one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    Delivered,
    /// Arrived, and not shown, because the user has switched notifications off.
    SwitchedOff,
    /// The token is none, or none any more.
    Dead,
    /// The class has no quota left today.
    OverQuota,
    /// The device had too many messages of the class today.
    TooOften,
    /// The user opened the message.
    Clicked,
    /// What the device was registered with.
    Word(String),
}

impl News {
    /// The `type` of a receipt at Xiaomi, whose lower two bits are Meizu's.
    pub(crate) fn kind(&self) -> u8 {
        match self {
            Self::Delivered => 1,
            Self::Clicked => 2,
            Self::Dead => 16,
            Self::SwitchedOff => 32,
            Self::OverQuota | Self::TooOften => 128,
            Self::Word(word) => word.parse().unwrap_or(1),
        }
    }
}

/// What Xiaomi and Meizu tell when a request does not say: delivered and clicked.
const USUAL: u8 = 3;

/// News of one message, for one address.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) application: Arc<Application>,
    pub(crate) url: String,
    /// The sender's own id.
    pub(crate) param: String,
    /// The vendor's id of the message or request.
    pub(crate) message: String,
    /// The vendor's id of the task, where it has one besides.
    pub(crate) task: String,
    /// The kinds of receipt the request wants, as the vendor's bit mask; absent: the vendor's usual ones.
    pub(crate) wanted: Option<u8>,
    /// Token and news, for the devices there is news of.
    pub(crate) devices: Vec<(String, News)>,
}

impl Told {
    /// Collects the news; `None` when nobody wants to hear it. `url` is the request's own address: one that is not
    /// loopback gives way to the registered one.
    pub(crate) fn collect(
        world: &World,
        application: &Arc<Application>,
        (url, param, message): (Option<&str>, &str, &str),
        tokens: &[String],
        news: impl Fn(usize) -> Option<News>,
    ) -> Option<Self> {
        let own = url.filter(|url| is_loopback(url)).map(str::to_owned);
        let url = own.or_else(|| application.receipts.url.clone())?;
        let devices = tokens.iter().enumerate().filter_map(|(index, token)| {
            let news = news(index)?;
            Some((
                token.clone(),
                registered(world, application.vendor, token).unwrap_or(news),
            ))
        });
        Some(Self {
            url,
            param: param.to_owned(),
            message: message.to_owned(),
            task: String::new(),
            wanted: None,
            devices: devices.collect(),
            application: Arc::clone(application),
        })
    }

    /// Whether the vendor has a receipt for this news, and the request wants it.
    pub(crate) fn wants(&self, news: &News) -> bool {
        match self.application.vendor {
            Vendor::Xiaomi | Vendor::Meizu => self.wanted.unwrap_or(USUAL) & news.kind() != 0,
            // Neither tells of messages that arrived and were not shown, or were opened.
            Vendor::Oppo | Vendor::Vivo => !matches!(news, News::SwitchedOff | News::Clicked),
            _ => *news != News::Clicked,
        }
    }
}

fn registered(world: &World, vendor: Vendor, token: &str) -> Option<News> {
    let device = world.registry.device(vendor, token)?;
    device.receipt.clone().map(News::Word)
}
