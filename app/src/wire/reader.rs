//! Reads a type out of parsed JSON, in as little code as possible.
//!
//! `serde_json` can do the same, but a type that it reads brings along how it would look as an array, what every error
//! would say, and a parser: for the console's types together a tenth of the wasm. Nobody sees those errors, since both
//! ends of this wire are built from the same source.
//!
//! Names are looked up here, once for all types: a type is then given its fields in their order and its variants by
//! their number, so that it needs no code to tell names apart. A field that is not there is `null`.

use serde::{
    Deserialize,
    de::{
        DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess,
        Visitor,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value, map};
use std::{fmt, slice};

/// A value of the type that was written there.
pub fn read<T: for<'a> Deserialize<'a>>(value: &Value) -> Result<T, Unreadable> {
    T::deserialize(Reader(value))
}

/// What is there is not of the type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of the type that was asked for")
    }
}

impl std::error::Error for Unreadable {}

// Every default of these writes a sentence.
impl Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }
    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

#[derive(Clone, Copy)]
struct Reader<'a>(&'a Value);

impl<'a> Reader<'a> {
    fn list(self) -> Result<Items<'a>, Unreadable> {
        let items = self.0.as_array().ok_or(Unreadable)?;
        Ok(Items(items.iter()))
    }

    fn object(self) -> Result<Fields<'a>, Unreadable> {
        let fields = self.0.as_object().ok_or(Unreadable)?;
        Ok(Fields::of(fields))
    }

    fn text(self) -> Result<&'a str, Unreadable> {
        self.0.as_str().ok_or(Unreadable)
    }

    fn in_order(self, names: &'static [&'static str]) -> Result<InOrder<'a>, Unreadable> {
        let fields = self.0.as_object().ok_or(Unreadable)?;
        Ok(InOrder {
            fields,
            names: names.iter(),
        })
    }

    fn variant(self, names: &'static [&'static str]) -> Result<Variant<'a>, Unreadable> {
        let (name, held) = match self.0 {
            Value::String(name) => (name, &Value::Null),
            Value::Object(fields) => fields.iter().next().ok_or(Unreadable)?,
            _ => return Err(Unreadable),
        };
        let number = names.iter().position(|known| known == name).ok_or(Unreadable)?;
        Ok(Variant(number as u64, Reader(held)))
    }
}

/// Reads by what the type expects; only a type that does not know looks at what is there.
impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::String(value) => visitor.visit_str(value),
            Value::Number(_) => self.deserialize_f64(visitor),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unreadable)?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_u64(self.0.as_u64().ok_or(Unreadable)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i64(self.0.as_i64().ok_or(Unreadable)?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match (self.0.as_u64(), self.0.as_i64(), self.0.as_f64()) {
            (Some(value), ..) => visitor.visit_u64(value),
            (None, Some(value), _) => visitor.visit_i64(value),
            (None, None, Some(value)) => visitor.visit_f64(value),
            (None, None, None) => Err(Unreadable),
        }
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_u64(visitor)
    }
    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_u64(visitor)
    }
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_u64(visitor)
    }
    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }
    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_str(self.text()?)
    }
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.list()?)
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &str, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.object()?)
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.in_order(names)?)
    }

    /// A variant's name, or an object of its name and what it holds.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(self.variant(names)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 f32 char bytes byte_buf unit unit_struct identifier }
}

struct Items<'a>(slice::Iter<'a, Value>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Reader(item))).transpose()
    }
}

/// The fields of a type, as it declares them.
struct InOrder<'a> {
    fields: &'a Map<String, Value>,
    names: slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for InOrder<'_> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        let Some(name) = self.names.next() else {
            return Ok(None);
        };
        let value = self.fields.get(*name).unwrap_or(&Value::Null);
        seed.deserialize(Reader(value)).map(Some)
    }
}

/// The entries of a map.
struct Fields<'a> {
    fields: map::Iter<'a>,
    value: &'a Value,
}

impl<'a> Fields<'a> {
    fn of(fields: &'a Map<String, Value>) -> Self {
        Self {
            fields: fields.iter(),
            value: &Value::Null,
        }
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        let Some((name, value)) = self.fields.next() else {
            return Ok(None);
        };
        self.value = value;
        seed.deserialize(Key(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        seed.deserialize(Reader(self.value))
    }
}

/// The key of a map: JSON has numbers there as text.
struct Key<'a>(&'a str);

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_str(self.0)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i64(self.0.parse().map_err(|_| Unreadable)?)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The number of a variant, and what it holds.
struct Variant<'a>(u64, Reader<'a>);

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Unreadable;
    type Variant = Reader<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Reader<'a>), Unreadable> {
        Ok((seed.deserialize(Number(self.0))?, self.1))
    }
}

struct Number(u64);

impl<'de> Deserializer<'de> for Number {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_u64(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> VariantAccess<'de> for Reader<'_> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.in_order(names)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use serde_json::json;
    use std::{collections::BTreeMap, fmt::Debug};

    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Debug)]
    struct Id(i64);

    #[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
    enum Kind {
        Plain,
        Held(Id),
        Pair(u8, String),
        Named { id: Id, note: Option<String> },
    }

    #[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
    struct Page {
        ids: Vec<Id>,
        kinds: Vec<Kind>,
        by_name: BTreeMap<String, u64>,
        by_id: BTreeMap<Id, bool>,
        pair: (u32, f64),
        note: Option<String>,
    }

    fn comes_back<T: Serialize + for<'a> Deserialize<'a> + PartialEq + Debug>(value: &T) {
        assert_eq!(read::<T>(&serde_json::to_value(value).unwrap()).as_ref(), Ok(value));
    }

    #[test]
    fn what_was_written_is_read() {
        let page = Page {
            ids: vec![Id(i64::MIN), Id(i64::MAX)],
            kinds: vec![
                Kind::Plain,
                Kind::Held(Id(1)),
                Kind::Pair(2, "zwei".into()),
                Kind::Named {
                    id: Id(3),
                    note: Some("note".into()),
                },
            ],
            by_name: BTreeMap::from([("a".into(), u64::MAX)]),
            by_id: BTreeMap::from([(Id(-7), true)]),
            pair: (7, 0.5),
            note: None,
        };
        comes_back(&page);
        comes_back(&Some(page));
        comes_back(&None::<Id>);
        comes_back(&());
    }

    #[test]
    fn every_problem_comes_back() {
        use domain::{Problem, account::Action, field::FieldFault, problem::What};
        for problem in [
            Problem::Unauthenticated,
            Problem::Unavailable,
            Problem::NotFound(What::Product),
            Problem::field("name", FieldFault::TooShort { min: 2 }),
            Problem::Forbidden {
                missing: Action::ManageProducts,
                ask: "root".into(),
            },
            Problem::Internal {
                reference: "r-1".into(),
            },
        ] {
            comes_back(&crate::error::UiError(problem));
        }
    }

    #[test]
    fn another_type_is_refused() {
        assert_eq!(read::<Vec<Id>>(&json!({ "a": 1 })), Err(Unreadable));
        assert_eq!(read::<Page>(&json!({ "ids": [] })), Err(Unreadable));
        assert_eq!(read::<Kind>(&json!("Unheard")), Err(Unreadable));
        assert_eq!(read::<u8>(&json!(256)), Err(Unreadable));
        assert_eq!(read::<String>(&json!(1)), Err(Unreadable));
    }
}
