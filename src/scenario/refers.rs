//! Which hospitals, places and cooperations a change names.

use super::Change;
use crate::model::Parties;

/// What a key in a change is the key of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl Change {
    /// The keys by which it names hospitals, places and cooperations that are there, in its order. The keys
    /// of what it opens or starts are not among them.
    pub(crate) fn keys_mut(&mut self) -> Vec<(Refers, &mut String)> {
        match self {
            Self::DivertDepartment(key)
            | Self::CloseDepartment(key)
            | Self::OpenDepartment(key) => hospitals(vec![&mut key.hospital]),
            Self::StartCooperation(cooperation) => hospitals(parties(&mut cooperation.parties)),
            Self::EndCooperation(key) => vec![(Refers::Cooperation, key)],
            Self::Surge(_) | Self::ScaleDemand(_) | Self::SetPopulation(_) => Vec::new(),
            Self::Incident(incident) => vec![(Refers::Place, &mut incident.place)],
            Self::Road(road) => {
                let from = road.from.iter_mut().map(|key| (Refers::Place, key));
                let to = road.to.iter_mut().map(|key| (Refers::Hospital, key));
                from.chain(to).collect()
            }
            Self::CloseHospital(key) => hospitals(vec![key]),
            Self::OpenHospital(hospital) => hospitals(hospital.parent.iter_mut().collect()),
            Self::AddDepartment(new) => hospitals(vec![&mut new.hospital]),
            Self::MoveDepartment(moves) => hospitals(vec![&mut moves.from, &mut moves.to]),
            Self::ResizeDepartment(size) => hospitals(vec![&mut size.hospital]),
            Self::ResizeHospital(size) => hospitals(vec![&mut size.hospital]),
            Self::SetCareLevel(new) => hospitals(vec![&mut new.hospital]),
            Self::SetEmergencyLevel(new) => hospitals(vec![&mut new.hospital]),
            Self::SetFacility(new) => hospitals(vec![&mut new.hospital]),
            Self::CloseFacility(key) => hospitals(vec![&mut key.hospital]),
            Self::SetHours(new) => hospitals(vec![&mut new.hospital]),
            Self::SetStaffedShare(new) => hospitals(vec![&mut new.hospital]),
            Self::SetOperator(new) => hospitals(vec![&mut new.hospital]),
            Self::MergeHospitals(merger) => hospitals(vec![&mut merger.from, &mut merger.into]),
            Self::ConvertHospital(conversion) => hospitals(vec![&mut conversion.hospital]),
            Self::ChangeCooperation(change) => {
                let mut keys = hospitals(change.parties.iter_mut().flat_map(parties).collect());
                keys.insert(0, (Refers::Cooperation, &mut change.key));
                keys
            }
            Self::JoinAlliance(member) | Self::LeaveAlliance(member) => {
                hospitals(vec![&mut member.hospital])
            }
        }
    }

    /// The key of the hospital that it opens or of the cooperation that it starts.
    pub(crate) fn added(&self) -> Option<(Refers, &str)> {
        match self {
            Self::OpenHospital(hospital) => Some((Refers::Hospital, &hospital.key)),
            Self::StartCooperation(cooperation) => Some((Refers::Cooperation, &cooperation.key)),
            _ => None,
        }
    }
}

fn hospitals(keys: Vec<&mut String>) -> Vec<(Refers, &mut String)> {
    keys.into_iter().map(|key| (Refers::Hospital, key)).collect()
}

fn parties(parties: &mut Parties) -> Vec<&mut String> {
    match parties {
        Parties::Mutual(partners) => partners.iter_mut().collect(),
        Parties::Directed { from, to } => std::iter::once(from).chain(to).collect(),
    }
}
