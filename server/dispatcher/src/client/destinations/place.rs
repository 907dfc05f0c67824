//! What is at an address that is not a public one, from IANA's registries of special-purpose addresses.
//!
//! An IPv6 address may stand for an IPv4 one (mapped, 6to4, NAT64 …): then the IPv4 address is judged.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// What is at an address that is not called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A cloud's service that tells a machine its credentials.
    Metadata,
    /// 0.0.0.0 or ::, which many systems take for themselves.
    Unspecified,
    /// This machine.
    Loopback,
    /// A network of one's own.
    Private,
    /// Behind a carrier's NAT.
    CarrierNat,
    /// The same wire.
    LinkLocal,
    /// Many machines at once.
    Multicast,
    /// For documents only.
    Documentation,
    /// For measurements, protocols, or the future.
    Reserved,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Metadata => "a cloud's metadata service",
            Self::Unspecified => "an address of no machine",
            Self::Loopback => "a loopback address",
            Self::Private => "a private address",
            Self::CarrierNat => "an address behind a carrier's NAT",
            Self::LinkLocal => "a link-local address",
            Self::Multicast => "a multicast address",
            Self::Documentation => "an address for documentation",
            Self::Reserved => "a reserved address",
        })
    }
}

/// The first row that contains an address counts. Metadata services: AWS (also of its containers), Google, Azure,
/// Tencent, Alibaba, Oracle.
const V4: &[(Place, [u8; 4], u8)] = &[
    (Place::Metadata, [169, 254, 169, 254], 32),
    (Place::Metadata, [169, 254, 170, 2], 32),
    (Place::Metadata, [169, 254, 170, 23], 32),
    (Place::Metadata, [169, 254, 0, 23], 32),
    (Place::Metadata, [168, 63, 129, 16], 32),
    (Place::Metadata, [100, 100, 100, 200], 32),
    (Place::Metadata, [192, 0, 0, 192], 32),
    (Place::Unspecified, [0, 0, 0, 0], 8),
    (Place::Private, [10, 0, 0, 0], 8),
    (Place::CarrierNat, [100, 64, 0, 0], 10),
    (Place::Loopback, [127, 0, 0, 0], 8),
    (Place::LinkLocal, [169, 254, 0, 0], 16),
    (Place::Private, [172, 16, 0, 0], 12),
    (Place::Reserved, [192, 0, 0, 0], 24),
    (Place::Documentation, [192, 0, 2, 0], 24),
    (Place::Reserved, [192, 88, 99, 0], 24),
    (Place::Private, [192, 168, 0, 0], 16),
    (Place::Reserved, [198, 18, 0, 0], 15),
    (Place::Documentation, [198, 51, 100, 0], 24),
    (Place::Documentation, [203, 0, 113, 0], 24),
    (Place::Multicast, [224, 0, 0, 0], 4),
    (Place::Reserved, [240, 0, 0, 0], 4),
];

/// The same; addresses that stand for IPv4 ones are opened first. `2001::/23` holds Teredo, too.
const V6: &[(Place, [u16; 8], u8)] = &[
    (Place::Metadata, [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254], 128),
    (Place::Metadata, [0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254], 128),
    (Place::Unspecified, [0, 0, 0, 0, 0, 0, 0, 0], 128),
    (Place::Loopback, [0, 0, 0, 0, 0, 0, 0, 1], 128),
    (Place::Private, [0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),
    (Place::LinkLocal, [0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),
    (Place::Private, [0xfec0, 0, 0, 0, 0, 0, 0, 0], 10),
    (Place::Multicast, [0xff00, 0, 0, 0, 0, 0, 0, 0], 8),
    (Place::Reserved, [0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    (Place::Documentation, [0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32),
    (Place::Documentation, [0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

impl Place {
    /// What is at an address, with the address that was judged; `None` for a public one.
    pub(super) fn of(address: IpAddr) -> Option<(IpAddr, Self)> {
        match address {
            IpAddr::V4(v4) => Some((address, of_v4(v4)?)),
            IpAddr::V6(v6) => match stands_for(v6) {
                Some(v4) => Some((v4.into(), of_v4(v4)?)),
                None => Some((address, of_v6(v6)?)),
            },
        }
    }
}

fn of_v4(address: Ipv4Addr) -> Option<Place> {
    let within = |net: [u8; 4], length: u8| (address.to_bits() ^ u32::from_be_bytes(net)) >> (32 - length) == 0;
    let row = V4.iter().find(|(_, net, length)| within(*net, *length))?;
    Some(row.0)
}

fn of_v6(address: Ipv6Addr) -> Option<Place> {
    let within = |net: [u16; 8], length: u8| (address.to_bits() ^ Ipv6Addr::from(net).to_bits()) >> (128 - length) == 0;
    if let Some(row) = V6.iter().find(|(_, net, length)| within(*net, *length)) {
        return Some(row.0);
    }
    // 2000::/3 is all that is given out.
    (address.segments()[0] >> 13 != 1).then_some(Place::Reserved)
}

/// The IPv4 address that an IPv6 one leads to: mapped, compatible, ISATAP (RFC 5214), 6to4 (RFC 3056) and NAT64 (RFC 6052).
fn stands_for(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let at = |first: usize| {
        let [a, b] = segments[first].to_be_bytes();
        let [c, d] = segments[first + 1].to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        // :: and ::1 are themselves.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(at(6)),
        [_, _, _, _, 0 | 0x0200, 0x5efe, ..] => Some(at(6)).filter(|v4| of_v4(*v4).is_some()),
        [0x2002, ..] => Some(at(1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every way to write an IPv4 address.
    fn forms(v4: Ipv4Addr) -> [IpAddr; 7] {
        let [a, b, c, d] = v4.octets().map(u16::from);
        let (high, low) = (a << 8 | b, c << 8 | d);
        let v6 = |segments: [u16; 8]| IpAddr::from(Ipv6Addr::from(segments));
        [
            v4.into(),
            v4.to_ipv6_mapped().into(),
            v6([0, 0, 0, 0, 0xffff, 0, high, low]),
            v6([0x64, 0xff9b, 0, 0, 0, 0, high, low]),
            v6([0x2002, high, low, 0, 0, 0, 0, 1]),
            v6([0x2002, high, low, 0xabcd, 1, 2, 3, 4]),
            v6([0x2606, 0x4700, 0, 0, 0, 0x5efe, high, low]),
        ]
    }

    /// What the standard library, or a second reading of the registries, calls special.
    fn special(v4: Ipv4Addr) -> bool {
        let [a, b, c, _] = v4.octets();
        v4.is_private()
            || v4.is_loopback()
            || v4.is_link_local()
            || v4.is_broadcast()
            || v4.is_documentation()
            || v4.is_multicast()
            || matches!(
                (a, b, c),
                (0 | 240.., ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _)
            )
            || v4 == Ipv4Addr::new(168, 63, 129, 16)
    }

    /// Addresses of which about half are special.
    fn addresses() -> impl Strategy<Value = Ipv4Addr> {
        let near = (0..V4.len(), any::<u32>()).prop_map(|(row, noise)| {
            let (_, net, length) = V4[row];
            // One bit more than the host's: inside the net, or just beside it.
            let mask = u32::MAX.checked_shr(u32::from(length) - 1).unwrap_or(0);
            Ipv4Addr::from_bits(u32::from_be_bytes(net) ^ (noise & mask))
        });
        prop_oneof![near, any::<u32>().prop_map(Ipv4Addr::from_bits)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn an_ipv4_address_is_judged_alike_in_every_form(v4 in addresses()) {
            for form in forms(v4) {
                prop_assert_eq!(Place::of(form).is_some(), special(v4), "{} as {}", v4, form);
            }
        }

        #[test]
        fn an_ipv6_address_is_public_only_within_what_is_given_out(bits in any::<u128>(), top in any::<bool>()) {
            // Half of them in 2000::/3.
            let bits = if top { bits >> 3 | 1 << 125 } else { bits };
            let v6 = Ipv6Addr::from_bits(bits);
            let given_out = bits >> 125 == 1;
            let public = Place::of(v6.into()).is_none();
            prop_assert!(!public || given_out || stands_for(v6).is_some(), "{}", v6);
            let local = v6.is_loopback() || v6.is_multicast() || v6.is_unique_local() || v6.is_unicast_link_local();
            prop_assert!(!(public && local), "{}", v6);
        }
    }

    #[test]
    fn special_ipv6_addresses_are_known_by_what_is_there() {
        for (text, place) in [
            ("::", Place::Unspecified),
            ("::1", Place::Loopback),
            ("::127.0.0.1", Place::Loopback),
            ("::ffff:169.254.169.254", Place::Metadata),
            ("64:ff9b::a9fe:a9fe", Place::Metadata),
            ("64:ff9b:1::a00:1", Place::Reserved),
            ("2002:c0a8:1::1", Place::Private),
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", Place::Reserved),
            ("2001:db8::1", Place::Documentation),
            ("3fff:fff::1", Place::Documentation),
            ("fd00:ec2::254", Place::Metadata),
            ("fd12:3456::1", Place::Private),
            ("fe80::1", Place::LinkLocal),
            ("fec0::1", Place::Private),
            ("ff02::1", Place::Multicast),
            ("100::1", Place::Reserved),
            ("5f00::1", Place::Reserved),
        ] {
            let address: IpAddr = text.parse().expect("an address");
            assert_eq!(Place::of(address).map(|(_, place)| place), Some(place), "{text}");
        }
        for text in [
            "2606:4700::1111",
            "2a00:1450:4001::200e",
            "240e::1",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert_eq!(Place::of(text.parse().expect("an address")), None, "{text}");
        }
    }
}
