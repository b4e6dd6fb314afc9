//! Which hospitals, places and cooperations a change names.

use crate::model::Parties;

/// What a key in a change is the key of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Refers {
    /// A hospital of the network, or one that a scenario opens.
    Hospital,
    /// A place.
    Place,
    /// A cooperation of the network, or one that a scenario starts.
    Cooperation,
}

impl Refers {
    /// What it is called in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hospital => "hospital",
            Self::Place => "place",
            Self::Cooperation => "cooperation",
        }
    }
}

/// Keys of hospitals, in this order.
pub(super) fn hospitals<'k>(
    keys: impl IntoIterator<Item = &'k mut String>,
) -> Vec<(Refers, &'k mut String)> {
    keys.into_iter().map(|key| (Refers::Hospital, key)).collect()
}

/// Keys of the hospitals that take part in a cooperation, in the order in which files name them.
pub(super) fn parties(parties: &mut Parties) -> Vec<(Refers, &mut String)> {
    match parties {
        Parties::Mutual(partners) => hospitals(partners),
        Parties::Directed { from, to } => {
            let mut keys = vec![(Refers::Hospital, from)];
            keys.extend(hospitals(to));
            keys
        }
    }
}
