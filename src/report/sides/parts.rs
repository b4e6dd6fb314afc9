//! The parts of the page: standards, groups of people, care pathways, cases, beds, law, agreements.

use std::collections::BTreeSet;

use super::figure::{About, Figure, Kind, Movement, Name, Values};
use super::{Pathways, SideBySide};
use crate::comparison::{Comparison, CooperationDifference, LawPoint, ReachChange, StandardChange};
use crate::coverage::Reach;
use crate::model::{Network, Urgency};
use crate::overview::PathwayFigures;
use crate::report::pathway::main_targets;

/// Figures of one kind.
pub(super) struct Part {
    pub(super) key: &'static str,
    pub(super) heading: &'static str,
    /// What is said where none of them changes.
    same: &'static str,
    pub(super) figures: Vec<Figure>,
}

impl Part {
    fn moves_as_all(&self) -> bool {
        self.figures.iter().any(|figure| figure.movement == Movement::AsAll)
    }

    /// What is said where none of the figures moves by itself.
    pub(super) fn unmoved(&self) -> String {
        if self.moves_as_all() {
            return if self.key == "ages" {
                said!("age: no group changes by 0.5 minutes more or less than all do")
            } else {
                said!("districts: none changes by 0.5 minutes more or less than all do")
            };
        }
        self.same.to_owned()
    }

    /// How figures that do not stand on the page can have changed.
    pub(super) fn than_all(&self) -> &'static str {
        if self.moves_as_all() { " by 0.5 minutes more or less than all do" } else { "" }
    }
}

/// The figures of all parts.
pub(super) fn parts(view: &SideBySide<'_>) -> Vec<Part> {
    let districts = groups(view, |change| &change.districts);
    let ages = groups(view, |change| &change.bands);
    vec![
        Part {
            key: "standards",
            heading: "Who reaches care in time",
            same: "standards: nobody gains or loses care in time, and no mean differs by more than 0.1 minutes",
            figures: standards(view),
        },
        Part {
            key: "districts",
            heading: "Mean minutes by district",
            same: "districts: no district differs by more than 0.1 minutes",
            figures: districts,
        },
        Part {
            key: "ages",
            heading: "Mean minutes by age",
            same: "age: no group differs by more than 0.1 minutes",
            figures: ages,
        },
        Part {
            key: "pathways",
            heading: "How long to definitive care",
            same: "care pathways: no mean differs by more than 0.1 minutes (elective ones: 0.1 days), no share in time",
            figures: pathways(view),
        },
        Part {
            key: "cases",
            heading: "Where the cases go",
            same: "cases: none go elsewhere, and no further hospital or department gets overfull",
            figures: cases(view),
        },
        Part {
            key: "beds",
            heading: "Hospitals and beds",
            same: "hospitals and beds: as many as before",
            figures: beds(view),
        },
        Part {
            key: "law",
            heading: "Verdicts of the law that change",
            same: "law: no verdict changes",
            figures: law(view),
        },
        Part {
            key: "agreements",
            heading: "What ends and starts",
            same: "agreements: none ends or starts, and nobody leaves or joins an alliance",
            figures: agreements(view),
        },
    ]
}

/// Values of all comparisons.
fn values(view: &SideBySide<'_>, value: impl Fn(&Comparison) -> Values) -> Vec<Values> {
    view.comparisons.iter().map(value).collect()
}

/// Of something that a change makes: nothing of it before.
fn made(view: &SideBySide<'_>, value: impl Fn(&Comparison) -> f64) -> Vec<Values> {
    values(view, |comparison| Values { before: Some(0.0), after: Some(value(comparison)) })
}

/// How many of these things are so, as a value.
fn count<T>(things: &[T], is_so: impl Fn(&T) -> bool) -> f64 {
    let mut count = 0_u32;
    for thing in things {
        count += u32::from(is_so(thing));
    }
    f64::from(count)
}

fn standards(view: &SideBySide<'_>) -> Vec<Figure> {
    let mut figures = Vec::new();
    let asked = view.comparisons.first().map_or(&[][..], |comparison| &comparison.standards);
    for (number, change) in asked.iter().enumerate() {
        let whose = change.standard.population.label();
        let about = About { subject: &change.standard.key, whose: &whose };
        // Where no site of the data offers the care, nobody knows who is in time.
        let both = |figure: &dyn Fn(&Reach) -> Option<f64>| {
            values(view, |comparison| match comparison.standards.get(number) {
                Some(change) if change.is_offered => {
                    Values { before: figure(&change.before), after: figure(&change.after) }
                }
                _ => Values { before: None, after: None },
            })
        };
        let people = both(&|reach| Some(reach.within_limit as f64));
        let share = both(&Reach::share_within_limit);
        let mean = both(&|reach| reach.mean_seconds);
        figures.push(about.figure(
            Name::new("within_limit_people", "in time"),
            Kind::People,
            &people,
        ));
        figures.push(about.figure(Name::new("within_limit_share", "in time"), Kind::Share, &share));
        figures.push(about.figure(Name::new("mean_minutes", "mean time"), Kind::Minutes, &mean));
    }
    figures
}

/// Mean minutes of groups of people, by standard.
fn groups<'a>(
    view: &'a SideBySide<'_>,
    groups_of: impl Fn(&'a StandardChange) -> &'a [ReachChange],
) -> Vec<Figure> {
    let mut figures = Vec::new();
    let asked = view.comparisons.first().map_or(&[][..], |comparison| &comparison.standards);
    for (number, change) in asked.iter().enumerate() {
        let changes = |comparison: &'a Comparison| {
            comparison.standards.get(number).map_or(&[][..], &groups_of)
        };
        // A scenario with other people may have a group that the first one has not.
        let mut groups: Vec<&str> = Vec::new();
        for group in view.comparisons.iter().flat_map(changes) {
            if !groups.contains(&group.name.as_str()) {
                groups.push(&group.name);
            }
        }
        for group in groups {
            let mut means = Vec::new();
            for comparison in view.comparisons {
                let mut known = changes(comparison).iter();
                let reach = known.find(|reach| reach.name == group);
                means.push(Values {
                    before: reach.and_then(|reach| reach.before.mean_seconds),
                    after: reach.and_then(|reach| reach.after.mean_seconds),
                });
            }
            let about = About { subject: &change.standard.key, whose: group };
            let mut figure =
                about.figure(Name::new("mean_minutes", "mean time"), Kind::Minutes, &means);
            // The first scenario may lack the group, and others know its people of before.
            let before = means.iter().find_map(|values| values.before);
            figure.base = figure.kind.cell(before);
            if figure.is_moved() && is_as_all(view, number, &means) {
                figure.movement = Movement::AsAll;
            }
            figures.push(figure);
        }
    }
    figures
}

/// Whether means of a group change as those of all people of a standard do, within half a minute, under each change.
fn is_as_all(view: &SideBySide<'_>, standard: usize, means: &[Values]) -> bool {
    const WITHIN: f64 = 30.0;
    view.comparisons.iter().zip(means).all(|(comparison, group)| {
        let Some(change) = comparison.standards.get(standard) else { return false };
        let everybody =
            Values { before: change.before.mean_seconds, after: change.after.mean_seconds };
        match (group.more(), everybody.more()) {
            (Some(group), Some(everybody)) => (group - everybody).abs() <= WITHIN,
            (None, None) => true,
            _ => false,
        }
    })
}

fn pathways(view: &SideBySide<'_>) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (number, pathway) in view.region.network().catalog().pathways.iter().enumerate() {
        let whose = pathway.population.label();
        let about = About { subject: &pathway.key, whose: &whose };
        let both = |figure: &dyn Fn(&PathwayFigures) -> Option<f64>| {
            let known = |pathways: &Pathways| pathways.get(number)?.as_ref().ok().and_then(figure);
            let before = known(&view.pathways);
            let mut values = Vec::with_capacity(view.pathways_after.len());
            for pathways in &view.pathways_after {
                values.push(Values { before, after: known(pathways) });
            }
            values
        };
        let kind = match pathway.urgency {
            Urgency::Emergency => Kind::Minutes,
            Urgency::Elective => Kind::Days,
        };
        let done = both(&|known| known.stages.last()?.done.mean_seconds);
        let mean = match kind {
            Kind::Days => Name::new("done_mean_days", "mean, call to end"),
            _ => Name::new("done_mean_minutes", "mean, call to end"),
        };
        figures.push(about.figure(mean, kind, &done));

        let [_, treatment] = main_targets(pathway);
        if let Some(treatment) = treatment {
            let within = both(&|known| known.targets.get(treatment)?.share);
            let name = Name::new("treatment_share_within_limit", "treated in time");
            figures.push(about.figure(name, Kind::Share, &within));
        }
        let without = both(&|known| Some(known.stages.last()?.without_way));
        figures.push(about.figure(
            Name::new("without_way_people", "without a way"),
            Kind::People,
            &without,
        ));
    }
    figures
}

/// Hospitals whose cases are shown: of each change those with the largest change of cases.
const HOSPITALS: usize = 3;

fn cases(view: &SideBySide<'_>) -> Vec<Figure> {
    let network = About { subject: "all", whose: "all" };
    let moved = made(view, |comparison| {
        let mut moved = 0.0;
        for change in &comparison.hospitals {
            moved += change.load.more_cases().max(0.0);
        }
        moved
    });
    let leftover = values(view, |comparison| {
        let leftover = comparison.leftover;
        Values { before: Some(leftover.before), after: Some(leftover.after) }
    });
    let hospitals = made(view, |comparison| {
        count(&comparison.hospitals, |change| change.load.is_newly_overfull())
    });
    let departments = made(view, |comparison| {
        count(&comparison.departments, |change| change.load.is_newly_overfull())
    });
    let mut figures = vec![
        network.figure(Name::new("moved_cases", "moved elsewhere"), Kind::Cases, &moved),
        network.figure(Name::new("leftover_cases", "without a hospital"), Kind::Cases, &leftover),
        network.figure(
            Name::new("newly_overfull_hospitals", "newly overfull"),
            Kind::Count("hospitals"),
            &hospitals,
        ),
        network.figure(
            Name::new("newly_overfull_departments", "newly overfull"),
            Kind::Count("departments"),
            &departments,
        ),
    ];

    let mut largest: BTreeSet<&str> = BTreeSet::new();
    for comparison in view.comparisons {
        for change in comparison.hospitals.iter().take(HOSPITALS) {
            largest.insert(&change.hospital);
        }
    }
    for hospital in largest {
        let find = |comparison: &Comparison| {
            let mut changes = comparison.hospitals.iter();
            changes.find(|change| change.hospital == hospital).map(|change| change.load.cases())
        };
        // A change that leaves a hospital alone does not name it: it has what the others say of before.
        let before = view.comparisons.iter().find_map(find).map(|cases| cases.before);
        let cases = values(view, |comparison| {
            let after = find(comparison).map(|cases| cases.after);
            Values { before, after: after.or(before) }
        });
        let about = About { subject: hospital, whose: "its patients" };
        figures.push(about.figure(Name::new("cases", "cases"), Kind::Cases, &cases));
    }
    figures
}

fn beds(view: &SideBySide<'_>) -> Vec<Figure> {
    let inside = About { subject: "all", whose: "inside" };
    let both = |figure: &dyn Fn(&Network) -> f64| {
        let before = Some(figure(view.region.network()));
        let mut values = Vec::with_capacity(view.changes.len());
        for change in view.changes {
            values.push(Values { before, after: Some(figure(change.after.network())) });
        }
        values
    };
    let hospitals = both(&|network| {
        count(network.hospitals(), |hospital| !hospital.outside && hospital.kind.has_inpatients())
    });
    let beds = both(&|network| {
        let mut beds = 0.0;
        for hospital in network.hospitals().iter().filter(|hospital| !hospital.outside) {
            beds += f64::from(hospital.beds.unwrap_or(0));
        }
        beds
    });
    vec![
        inside.figure(
            Name::new("hospitals", "sites with beds"),
            Kind::Count("hospitals"),
            &hospitals,
        ),
        inside.figure(Name::new("beds", "beds, where known"), Kind::Count("beds"), &beds),
    ]
}

fn law(view: &SideBySide<'_>) -> Vec<Figure> {
    type IsOfRule = fn(&LawPoint) -> bool;
    let rules: [(&str, IsOfRule); 4] = [
        ("service groups", |point| matches!(point, LawPoint::Group { .. })),
        ("federal levels", |point| matches!(point, LawPoint::Level { .. })),
        ("emergency stages", |point| matches!(point, LawPoint::Stage { .. })),
        ("supplements", |point| matches!(point, LawPoint::Supplement { .. })),
    ];
    let mut figures = Vec::new();
    for (rule, is_of_rule) in rules {
        let changed =
            made(view, |comparison| count(&comparison.law, |change| is_of_rule(&change.point)));
        let about = About { subject: rule, whose: "inside" };
        figures.push(about.figure(
            Name::new("changed_verdicts", "other verdict"),
            Kind::Count("verdicts"),
            &changed,
        ));
    }
    figures
}

fn agreements(view: &SideBySide<'_>) -> Vec<Figure> {
    let network = About { subject: "all", whose: "all" };
    let kind = Kind::Count("agreements");
    let ended = made(view, |comparison| {
        count(&comparison.network.cooperations, |change| change.after.is_none())
    });
    let started = made(view, |comparison| {
        count(&comparison.network.cooperations, |change| change.before.is_none())
    });
    let altered = made(view, |comparison| {
        let goes_on =
            |change: &CooperationDifference| change.before.is_some() && change.after.is_some();
        count(&comparison.network.cooperations, goes_on)
    });
    let members = made(view, |comparison| count(&comparison.network.members, |_| true));
    let branches = made(view, |comparison| count(&comparison.network.without_main, |_| true));
    vec![
        network.figure(Name::new("ended_agreements", "at an end"), kind, &ended),
        network.figure(Name::new("new_agreements", "new"), kind, &started),
        network.figure(
            Name::new("other_agreements", "among others, on other terms"),
            kind,
            &altered,
        ),
        network.figure(
            Name::new("changed_members", "left or joined"),
            Kind::Count("members"),
            &members,
        ),
        network.figure(
            Name::new("branches_without_main", "without a main site"),
            Kind::Count("branches"),
            &branches,
        ),
    ]
}
