//! Numbers of wards and of flows.

/// A ward of a [`PatientFlow`](super::PatientFlow), by its position in [`PatientFlow::wards`].
///
/// It says nothing about another flow: that of a scenario may have other wards.
///
/// [`PatientFlow::wards`]: super::PatientFlow::wards
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WardId(pub(crate) u32);

impl WardId {
    /// The ward at a position, of which there are fewer than four billion.
    pub(super) fn at(position: usize) -> Self {
        Self(position as u32)
    }

    /// The position in [`PatientFlow::wards`](super::PatientFlow::wards), from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A flow by its position, from 0, in the list that [`simulate`](super::simulate) was given: the base comes first, the
/// scenarios behind it.
///
/// ```
/// use verbund::simulation::FlowIndex;
///
/// let first_scenario = FlowIndex(1);
/// assert!(FlowIndex::BASE < first_scenario);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowIndex(pub usize);

impl FlowIndex {
    /// The flow that all others are compared with.
    pub const BASE: Self = Self(0);
}
