#![doc = include_str!("../README.md")]

mod application;
mod authority;
mod chance;
mod clock;
mod control;
mod credentials;
mod fingerprint;
mod inbox;
mod listener;
mod options;
mod ready_made;
mod receipts;
mod registry;
mod script;
mod settings;
mod simulator;
mod socket;
mod stats;
mod vendors;
mod world;

pub use application::{Application, Limits, Receipts, ServiceKey};
pub use chance::Latency;
pub use credentials::{ApnsCertificate, ApnsToken, Credentials, Fcm, PROJECT, TOPIC};
pub use inbox::{Ending, Filter, Record, TooFew};
pub use options::{Addresses, Nonsense, Options, StartError};
pub use ready_made::{Honor, Huawei, Meizu, Oppo, Vivo, Xiaomi};
pub use registry::{ApnsKey, ClientCertificate, Device, DeviceState, ServiceAccount};
pub use script::{Cut, Goaway, Rule};
pub use settings::{Keep, Settings, Unknown};
pub use simulator::Simulator;
pub use stats::{IdSeen, IdSummary, Stats, VendorStats};
pub use vendors::{Environment, Vendor};
