//! What journeys of a model are measured from, to and by.

use std::sync::Arc;

use super::RegionError;
use super::layout::Layout;
use super::measure::Measure;
use crate::calendar::Date;
use crate::model::{Margin, Model, Network};
use crate::travel::{CrowFly, TravelModel, TravelTable};

/// A model on a day before any journey is measured; roads of scenarios are not in the measure yet.
pub(super) struct Setup {
    pub(super) network: Network,
    pub(super) layout: Layout,
    pub(super) measure: Measure,
    /// How far the journeys may be off.
    pub(super) margin: Option<Margin>,
}

impl Setup {
    /// With the model's own travel times: its table when it has one, else the crow-fly model with its
    /// parameters.
    ///
    /// # Errors
    ///
    /// Every fault of the model, then the first one of its travel parameters.
    pub(super) fn of(model: &Model, day: Date) -> Result<Self, RegionError> {
        // Before anything is made of it: a model that was built in code may have faults.
        model.check()?;
        let travel: Arc<dyn TravelModel> = match &model.travel_times {
            Some(rows) => Arc::new(TravelTable::new(rows.clone())),
            None => Arc::new(CrowFly::new(model.travel.clone())?),
        };
        let mut setup = Self::of_checked(model, day, travel)?;
        // What a network's file says of its own journeys goes before what is usual for a model of their kind.
        if let Some(margin) = &model.travel.margin {
            setup.margin = Some(margin.clone());
        }
        Ok(setup)
    }

    /// With another model of travel.
    ///
    /// # Errors
    ///
    /// Those of [`Self::of`].
    pub(super) fn with_travel(
        model: &Model,
        day: Date,
        travel: Arc<dyn TravelModel>,
    ) -> Result<Self, RegionError> {
        model.check()?;
        Self::of_checked(model, day, travel)
    }

    fn of_checked(
        model: &Model,
        day: Date,
        travel: Arc<dyn TravelModel>,
    ) -> Result<Self, RegionError> {
        // Always with the crow-fly model: it stands in for hospitals that the travel model does not know.
        let margin = travel.margin();
        let measure = Measure::new(travel, CrowFly::new(model.travel.clone())?);
        let network = model.network.as_of(day);
        let layout = Layout::new(&model.places, &model.parts);
        Ok(Self { network, layout, measure, margin })
    }
}
