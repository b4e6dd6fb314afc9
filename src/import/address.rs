//! Addresses, by which sources that share no number are joined.

use serde::Serialize;

use super::text::with_leading_zero;
use crate::names::spell_out;

/// The address of a site, as its source writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Address {
    /// Street; the number may be part of it.
    pub street: String,
    /// House number.
    pub number: String,
    /// Postcode, five digits.
    pub postcode: String,
    /// Town.
    pub city: String,
}

/// Postcode and street in a spelling in which addresses of different sources can be compared.
pub(super) type AddressKey = (String, String);

impl Address {
    /// Postcode, and street with number in one spelling; the street is empty where the source has none.
    pub(super) fn key(&self) -> AddressKey {
        // Some sources write the number into the column of the street.
        let street_and_number = format!("{} {}", self.street, self.number);
        (self.postcode.clone(), street_key(&street_and_number))
    }

    /// Postcode and street without its number.
    pub(super) fn street_key(&self) -> AddressKey {
        let street = street_key(&self.street);
        let name = street.trim_end_matches(is_no_letter);

        // `5a` leaves an `a` behind the number: it goes with the number, every other last letter stays.
        let mut letters = name.chars();
        letters.next_back();
        let without_last = letters.as_str();
        let name = if without_last.ends_with(is_digit) {
            without_last.trim_end_matches(is_digit)
        } else {
            name
        };
        (self.postcode.clone(), name.to_owned())
    }

    /// Whether it names a street: only then it says where something is.
    pub(super) fn has_street(&self) -> bool {
        !street_key(&self.street).is_empty()
    }

    /// The address in one line.
    pub(super) fn in_words(&self) -> String {
        let street = format!("{} {}", self.street, self.number);
        let town = format!("{} {}", self.postcode, self.city);
        // Without a street or a town no comma stays alone.
        [street.trim(), town.trim()].join(", ").trim_matches([',', ' ']).to_owned()
    }
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

fn is_no_letter(letter: char) -> bool {
    !letter.is_ascii_alphabetic()
}

/// A postcode of five digits. Those of Saxony and Thuringia begin with a zero, which spreadsheets drop.
pub(super) fn postcode(text: &str) -> String {
    with_leading_zero(text, 5)
}

/// A street with its number in one spelling: `Knuthstr. 1` and `Knuth-Straße 1` as `knuthstr1`.
fn street_key(text: &str) -> String {
    spell_out(text).replace("strasse", "str").replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(street: &str, number: &str) -> Address {
        Address {
            street: street.into(),
            number: number.into(),
            postcode: "24939".into(),
            city: "Flensburg".into(),
        }
    }

    #[test]
    fn one_address_in_many_spellings_is_one() {
        let key = |street: &str, number: &str| address(street, number).key().1;
        for (street, number) in
            [("Knuthstr.", "1"), ("Knuthstraße", "1"), ("Knuth-Strasse 1", ""), ("KNUTHSTR", " 1")]
        {
            assert_eq!(key(street, number), "knuthstr1", "{street}");
        }
        assert_ne!(key("Knuthstr.", "1"), key("Knuthstr.", "11"));
        assert_eq!(address("Im Park", "15a").street_key().1, "impark");
        assert_eq!(address("Im Park 15 a", "").street_key().1, "impark");
        assert!(!address("-", "").has_street());
        assert_eq!(address("Knuthstr.", "1").in_words(), "Knuthstr. 1, 24939 Flensburg");
    }
}
