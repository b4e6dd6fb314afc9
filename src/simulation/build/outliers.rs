//! Wards of a hospital that take each other's patients.

use super::{Builder, Help};
use crate::queueing::{Alternate, Model};
use crate::simulation::WardId;
use crate::simulation::subjects::Subject;

/// The group of all ways from other wards of the house: one limit holds for all of them.
const OUTLIERS: &str = "outliers";

impl Builder<'_, '_> {
    /// The wards of the house that take patients of a full one, in the order in which they are asked.
    pub(super) fn outliers(&self, id: WardId) -> Vec<Alternate> {
        let mut alternates = Vec::with_capacity(self.takers[id.index()].len());
        for taker in &self.takers[id.index()] {
            alternates.push(Alternate {
                to: self.key(taker.ward),
                at_most: Some(taker.at_most),
                group: OUTLIERS.to_owned(),
                extra: taker.extra_stay,
                // Whoever has an appointment waits for the right bed.
                without_appointment: true,
                only_full: true,
                ..Alternate::default()
            });
        }
        alternates
    }

    /// The site of a ward: its hospital, among the wards that could help each other.
    pub(super) fn site(&self, id: WardId) -> Option<String> {
        let ward = &self.wards[id];
        let list = self.settings.outliers.list_of(&ward.specialty)?;
        Some(format!("{}/{list}", self.region.network()[ward.hospital].key))
    }

    /// Whether patients of a subject come to a ward because theirs, in the same house, is full.
    pub(super) fn helps_out(&self, id: WardId, subject: &Subject) -> bool {
        let hospital = self.wards[id].hospital;
        let Some(theirs) = self.ward_of(subject, hospital) else { return false };
        self.takers[theirs.index()].iter().any(|taker| taker.ward == id)
    }

    /// By number of the alternate of a model, the wards that it is help between.
    pub(super) fn helps(&self, model: &Model) -> Vec<Option<Help>> {
        let mut helps = Vec::new();
        for (from, station) in self.wards.ids().zip(&model.stations) {
            // They stand first, in the order of those who take.
            let takers = &self.takers[from.index()];
            for position in 0..station.alternates.len() {
                helps.push(takers.get(position).map(|taker| Help { from, to: taker.ward }));
            }
        }
        helps
    }
}
