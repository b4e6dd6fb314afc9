//! What the streams of a region's queueing network mean.

use crate::model::{HospitalId, StageIndex};
use crate::region::PlaceId;
use crate::units::Seconds;

/// What a stream is.
#[derive(Debug, Clone)]
pub(super) struct StreamLabel {
    /// Where they live; `None` from beyond the places of the network.
    pub(super) place: Option<PlaceId>,
    /// Position of the subject.
    pub(super) subject: usize,
    pub(super) is_elective: bool,
    /// By preference (of every kind the same): station, and how a patient got there.
    pub(super) ways: Vec<Vec<WayTo>>,
}

/// How patients of a pathway come to a bed.
#[derive(Debug, Clone)]
pub(super) struct WayTo {
    pub(super) hospital: HospitalId,
    /// When each stage that is done is done, in seconds from the call.
    pub(super) done: Vec<u32>,
    /// Cooperations on the way, by key.
    pub(super) cooperations: Vec<String>,
}

impl WayTo {
    /// When a stage is done, from the call; `None` for one that the way does not come to.
    pub(super) fn done_at(&self, stage: StageIndex) -> Option<Seconds> {
        self.done.get(stage.index()).copied().map(Seconds)
    }
}
