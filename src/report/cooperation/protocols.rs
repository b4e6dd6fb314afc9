//! What cooperations change under one protocol, and under two side by side.

use crate::impact::{CooperationGroup, CooperationValue, Effect, Shapley, Study};
use crate::model::Urgency;
use crate::pathways::Protocol;
use crate::report::document::{Hint, Remark};

/// What cooperations change under the protocol of a study.
#[derive(Debug, Clone, Copy)]
pub struct ProtocolValues<'a, 'r> {
    /// The study.
    pub study: &'a Study<'r>,
    /// What each cooperation changes, in the order of its rows.
    pub values: &'a [CooperationValue],
    /// What of all that they bring together each one contributes.
    pub shapley: &'a Shapley,
    /// What cooperations bring that can stand in for each other: [`Study::groups`].
    pub groups: &'a [CooperationGroup],
}

/// The protocols of some studies.
fn protocols(studies: &[&Study<'_>]) -> Vec<Protocol> {
    let mut protocols = Vec::new();
    for study in studies {
        protocols.push(study.query().protocol);
    }
    protocols
}

/// The protocols of some studies in words, for the head.
pub(super) fn labels(studies: &[&Study<'_>]) -> String {
    let labels: Vec<String> = protocols(studies).into_iter().map(Protocol::label).collect();
    // Tables rank and choose by the first one, so a reader must know which it is.
    match labels.as_slice() {
        [lead, others @ ..] if !others.is_empty() => {
            said!("{lead} (leading); beside it {others}", lead, others = others.join(", "))
        }
        _ => labels.join(", "),
    }
}

/// What the columns of the protocols of some studies mean, and where a protocol can do harm.
pub(super) fn notes(studies: &[&Study<'_>]) -> Vec<Remark> {
    // Studies beside each other have the same pathways.
    let has_elective = match studies.first() {
        Some(study) => study.pathways().any(|pathway| pathway.urgency == Urgency::Elective),
        None => false,
    };
    notes_on(&protocols(studies), has_elective)
}

/// What the columns of some protocols mean; whether some pathway is elective makes a difference.
pub(super) fn notes_on(protocols: &[Protocol], has_elective: bool) -> Vec<Remark> {
    let mut notes: Vec<Remark> = Vec::new();
    if protocols.len() > 1 {
        let columns = "Nearest: the ambulance goes to the nearest hospital that can do what makes it a door. Free: it goes where the last stage is done first, as if it knew all.";
        notes.push(Remark::from(columns).hint(Hint::OneProtocol));
    }
    if has_elective && protocols.iter().any(|protocol| *protocol != Protocol::Free) {
        notes.push("Elective patients choose themselves: a free choice in every column.".into());
    }
    if protocols.contains(&Protocol::Free) {
        notes.push(
            "By a free choice a transfer saves nothing where patients can be taken straight to the last hospital."
                .into(),
        );
    }
    notes
}

/// Why a figure is below 0, where one is.
pub(super) fn below_zero<'e>(effects: impl IntoIterator<Item = &'e Effect>) -> Option<String> {
    let is_below = effects.into_iter().any(|effect| effect.net_seconds() < 0.0);
    if !is_below {
        return None;
    }
    Some(said!(
        "Below 0: patients are done later with it. The rescue service has to go to the nearest door, and a link that makes a hospital a door brings everybody near it there. Who is done there saves the longer journey, less the consultation; who needs a stage that it cannot do is handed on, and done later than by going direct. What becomes of the stage before is not part of these hours: where it is told, it has rows of its own (Until)."
    ))
}
