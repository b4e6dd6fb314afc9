//! Why nothing is computed.

use serde::Serialize;

use super::FieldAnswer;
use crate::model::HospitalId;
use crate::region::Region;

/// Why a kind of cooperation, or a field, changes nothing that can be computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoEffect {
    /// No stage and no transfer of a pathway, no service group and no bed hangs on such a field: what it does to
    /// patients is not modelled. Staff, training, studies and sustainability are such fields.
    NotModelled,
    /// Patients of the field are modelled under other fields, the ones that its pathways name: those of emergency
    /// care are.
    UnderOtherFields,
    /// The same runs between them already, at all hours.
    Exists,
    /// One of the two lacks what has to be there, in words, as [`obstacles`](crate::impact::obstacles) names it.
    NotEligible(Vec<String>),
    /// Nobody's time changes: the hospital that would be helped, or would hand on, does every stage itself.
    DoesItItself(HospitalId),
    /// Nobody's time changes: another way is as fast.
    NobodyGains,
    /// No other site of the region could take part that does not already.
    NoSite,
}

/// Key of the field that stands for all kinds of emergencies.
const EMERGENCY: &str = "emergency";

/// Why nothing at all is computed of a field.
pub(super) fn of_field(region: &Region, answer: &FieldAnswer) -> Option<NoEffect> {
    let covers_groups = answer.groups.as_ref().is_some_and(|groups| !groups.covered.is_empty());
    if !answer.ways.is_empty() || covers_groups || answer.departments.len() > 1 {
        return None;
    }
    // A specialty has patients, whether or not a pathway or a group of the catalog names it.
    let has_patients = region.network().catalog().specialty(&answer.field).is_some();
    Some(if answer.field == EMERGENCY || has_patients {
        NoEffect::UnderOtherFields
    } else {
        NoEffect::NotModelled
    })
}
