//! Hospitals that a change closed, on the map: the region that it shows does not have them any more.

use std::collections::BTreeMap;

use crate::page::change::Gone;
use crate::page::findings::filled;
use crate::page::map::{Projection, Spot, legend_row};
use crate::page::markup::{escaped, name};
use crate::page::text::Legend;

/// A cross with a light rim, so that it can be seen on any colour and in grey.
const CROSS: &str =
    "<path class=\"rim\" d=\"M-8 -8L8 8M-8 8L8 -8\"/><path d=\"M-8 -8L8 8M-8 8L8 -8\"/>";

/// A cross where each of them was, which Tab reaches.
pub(super) fn crosses(gone: &BTreeMap<String, Gone>, projection: &Projection) -> String {
    let mut crosses = String::new();
    for hospital in gone.values() {
        let Spot { x, y } = projection.spot(hospital.position);
        let said = filled(Legend::here().closed_one, &[("name", name(&hospital.name))]);
        let said = escaped(&said);
        crosses.push_str(&format!(
            "<g class=\"gone\" tabindex=\"0\" role=\"img\" aria-label=\"{said}\" transform=\"translate({x} {y})\"><title>{said}</title><g class=\"symbol\">{CROSS}</g></g>\n"
        ));
    }
    crosses
}

/// What the cross means.
pub(super) fn legend() -> String {
    legend_row(&format!("<g class=\"gone\">{CROSS}</g>"), Legend::here().closed)
}
