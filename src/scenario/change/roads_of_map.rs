//! Roads of a map that are slow or closed.

use std::collections::BTreeSet;

use super::roads::{check_corridor, check_slips, read_corners};
use crate::model::check::Checker;
use crate::model::location::Fault;
use crate::model::{MissingRoad, RoadClass, RoadOfMap};
use crate::problem::ProblemKind;
use crate::scenario::base::Base;
use crate::scenario::kind::Kind;
use crate::scenario::refers::Refers;
use crate::scenario::state::{Refusal, State};
use crate::scenario::terms::Terms;

/// What a time over roads may be multiplied with at most.
const LARGEST_FACTOR: f64 = 100.0;

/// Roads of a map are slow or closed.
pub(super) struct OnMap;

impl Kind for OnMap {
    type Terms = RoadOfMap;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<RoadOfMap> {
        let classes = RoadClass::ALL.map(|class| (class.key(), class));
        terms.fields(|fields| {
            Some(RoadOfMap {
                ways: fields.record.values(fields.reader, "ways", "the number of a way"),
                names: fields.texts("names"),
                classes: fields.record.choices(fields.reader, "classes", &classes),
                area: read_corners(fields, "area"),
                factor: fields.any_number("factor"),
            })
        })
    }

    fn check(road: &RoadOfMap, base: &Base<'_>, checker: &mut Checker<'_>) {
        if road.ways.is_empty()
            && road.names.is_empty()
            && road.classes.is_empty()
            && road.area.is_empty()
        {
            let fault = Fault::new(ProblemKind::Missing, "all roads everywhere");
            let expected = "ways, names, classes, an area, or several of them";
            checker.fault("names", fault.expected(expected));
            // The map would say that it lacks nothing.
            return;
        }
        check_twice("ways", &road.ways, checker);
        check_twice("names", &road.names, checker);
        check_twice("classes", &road.classes, checker);
        for (index, name) in road.names.iter().enumerate() {
            if name.trim().is_empty() {
                let fault = Fault::new(ProblemKind::Missing, "is empty");
                checker.fault(&format!("names[{index}]"), fault);
            }
        }
        let before = checker.problems.count();
        check_corridor("area", &road.area, checker);
        check_slips("area", &road.area, base, checker);
        let is_area_sound = checker.problems.count() == before;
        if let Some(factor) = road.factor
            && !(factor > 1.0 && factor <= LARGEST_FACTOR)
        {
            let fault = Fault::new(ProblemKind::Range, said!("a factor of {factor}", factor));
            let expected = "above 1 and up to 100, or no factor where the road is closed";
            checker.fault("factor", fault.expected(expected));
        }

        for missing in base.missing_roads(road) {
            // Through corners that are wrong no road leads: one fault, and not two.
            if is_area_sound || missing != MissingRoad::Area {
                tell(&missing, checker);
            }
        }
    }

    fn apply<'s>(road: &'s RoadOfMap, state: &mut State<'s>) -> Result<(), Refusal> {
        state.adjustments.roads_of_map.push(road.clone());
        Ok(())
    }

    fn keys_mut(_road: &mut RoadOfMap) -> Vec<(Refers, &mut String)> {
        Vec::new()
    }

    fn needs_network(_road: &RoadOfMap) -> bool {
        false
    }
}

/// Notes what the map lacks.
fn tell(missing: &MissingRoad, checker: &mut Checker<'_>) {
    let fault = Fault::new(ProblemKind::Unknown, missing.message());
    let closest = missing.closest().map(str::to_owned);
    let fault = match missing {
        MissingRoad::NoMap => {
            fault.expected("roads of a file (`--roads`), or a Road with a corridor")
        }
        _ => Fault { closest, ..fault },
    };
    let field = missing.field();
    if field.is_empty() {
        // Of the change as a whole.
        let within = std::mem::take(&mut checker.within);
        checker.fault("change", fault);
        checker.within = within;
    } else {
        checker.fault(&field, fault);
    }
}

/// What a list names twice.
fn check_twice<T: Ord + std::fmt::Debug>(path: &str, list: &[T], checker: &mut Checker<'_>) {
    let mut seen = BTreeSet::new();
    for (index, entry) in list.iter().enumerate() {
        if !seen.insert(entry) {
            let shown = format!("{entry:?}");
            checker.duplicate(&format!("{path}[{index}]"), said!("{shown} is there twice", shown));
        }
    }
}
