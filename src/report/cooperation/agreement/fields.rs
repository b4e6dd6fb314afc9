//! Field by field: who could carry it out, and what that comes to in a sentence.

use super::beds::beds_in_short;
use super::{
    SimulatedBeds, View, by_site, keys, kind_name, service_groups, short, sites_around, whole,
};
use crate::agreement::{Concentration, FieldAnswer, NoEffect, Reach, WayAnswer};
use crate::model::{HospitalId, Urgency};
use crate::report::columns::{CARRIED_BY, FIELD, IN_SHORT};
use crate::report::document::{Cell, Hint, Remark, Section, Table, hospital_of, specialty_of};
use crate::words::{self, fixed, signed};

impl View<'_> {
    /// A row a field: who could carry it out, and what that comes to.
    pub(super) fn fields(&self, beds: Option<SimulatedBeds<'_>>) -> Section {
        let table = Table::of(&self.opened.fields)
            .column(FIELD, |field| Cell::text(&field.field))
            .column(CARRIED_BY, |field| {
                let kinds = kinds_of(field);
                if kinds.is_empty() { Cell::Missing } else { Cell::said(|| joined(&kinds)) }
            })
            .column(IN_SHORT, |field| Cell::said(|| self.in_short(field, beds)))
            .build();
        let mut note = Remark::from(
            "A framework alone changes nothing in care. Here each field is carried out by one kind of cooperation at a time, given all that there is.",
        );
        if beds.is_none() {
            note = note.hint(Hint::AgreedBeds);
        }
        Section::new("agreed_fields", "Field by field", table).note(note)
    }

    /// What a field comes to, in sentences.
    fn in_short(&self, field: &FieldAnswer, beds: Option<SimulatedBeds<'_>>) -> String {
        if let Some(why) = &field.why_none {
            return self.reason_of_field(&field.field, why);
        }
        let mut sentences = Vec::new();
        if !field.ways.is_empty() {
            sentences.push(self.between_in_short(field));
            sentences.extend(self.around_in_short(field));
        }
        sentences.extend(self.groups_in_short(field));
        sentences.extend(self.departments_in_short(field));
        for concentration in &field.concentrations {
            sentences.push(self.concentration_in_short(concentration));
        }
        if let Some(beds) = beds {
            for answer in beds.answers.iter().filter(|answer| answer.field == field.field) {
                sentences.extend(beds_in_short(answer, beds.days));
            }
        }
        sentences.join(" ")
    }

    /// Why beds are not shared, and nothing is concentrated, in a specialty.
    fn departments_in_short(&self, field: &FieldAnswer) -> Option<String> {
        self.network.catalog().specialty(&field.field)?;
        match field.departments.as_slice() {
            [] => Some(said!("No partner has a department of it, so no beds are shared.")),
            [only] => Some(said!(
                "Only {only} has a department of it: no beds to share, nothing to take over.",
                only = hospital_of(&self.network[*only].key)
            )),
            _ => None,
        }
    }

    fn reason_of_field(&self, field: &str, why: &NoEffect) -> String {
        match why {
            NoEffect::UnderOtherFields if field == "emergency" => {
                let mut names = Vec::new();
                for pathway in &self.network.catalog().pathways {
                    if pathway.urgency == Urgency::Emergency {
                        names.extend(pathway.transfer.fields.iter().map(String::as_str));
                    }
                }
                names.sort_unstable();
                names.dedup();
                said!(
                    "No effect of its own: no stage, transfer or service group is of this field. Emergencies are counted under the fields of their pathways ({names}).",
                    names = fields(&names)
                )
            }
            NoEffect::UnderOtherFields => {
                said!(
                    "No effect computed: no pathway and no service group names the field, and fewer than two partners have a department."
                )
            }
            _ => {
                said!("Agreed; no effect computed. {why}", why = words::of(why_not_modelled(field)))
            }
        }
    }

    /// What changes between the partners alone.
    fn between_in_short(&self, field: &FieldAnswer) -> String {
        let mut is_changed = false;
        let mut do_all = Vec::new();
        for way in &field.ways {
            if !matches!(way.reach, Reach::Between { .. }) {
                continue;
            }
            is_changed |= way.why_none.is_none();
            if let Some(NoEffect::DoesItItself(hospital)) = &way.why_none
                && !do_all.contains(hospital)
            {
                do_all.push(*hospital);
            }
        }
        if is_changed {
            return said!("Minutes change between the partners: see below.");
        }
        match do_all.len() {
            0 => said!("Between the partners nobody's minutes change: see below why."),
            count if count == self.opened.partners.len() => {
                said!("Between the partners nobody's minutes change: each does every stage itself.")
            }
            _ => {
                let keys = keys(self.network, &do_all);
                let hospitals: Vec<String> = keys.iter().map(|key| hospital_of(key)).collect();
                said!(
                    "Between the partners nobody's minutes change: {keys} does every stage itself.",
                    keys = hospitals.join(", ")
                )
            }
        }
    }

    /// What changes with the sites around, by the kind that saves most under the leading protocol.
    fn around_in_short(&self, field: &FieldAnswer) -> Option<String> {
        let mut best: Option<(&WayAnswer, &[HospitalId], Vec<f64>)> = None;
        for way in &field.ways {
            let Reach::Region { sites } = &way.reach else { continue };
            if way.why_none.is_some() {
                continue;
            }
            let hours = hours_by_protocol(way, self.opened.protocols.len());
            if best.as_ref().is_none_or(|(_, _, before)| hours[0] > before[0]) {
                best = Some((way, sites.as_slice(), hours));
            }
        }
        let (way, sites, hours) = best?;
        let mut saved = Vec::new();
        for (protocol, hours) in self.opened.protocols.iter().zip(&hours) {
            saved.push(format!("{} {}", signed(*hours, 1), short(*protocol)));
        }
        let (name, saved) = (words::of(kind_name(&way.kind)), saved.join(", "));
        let sites = sites_around(sites.len());
        Some(said!("{sites}, most by {name}: hours saved a year {saved}.", sites, name, saved))
    }

    fn groups_in_short(&self, field: &FieldAnswer) -> Option<String> {
        let groups = field.groups.as_ref().filter(|groups| !groups.covered.is_empty())?;
        let count = groups.count();
        Some(if count == 0 {
            said!("No service group rests on it.")
        } else {
            let unlocked = groups.unlocks.iter().flat_map(|unlock| unlock.unlocked.iter());
            let words = by_site(self.network, unlocked);
            let (groups, by_site) = (service_groups(count), words.join("; "));
            if self.opened.cooperation.is_some() {
                said!("On it rests {groups}: {by_site}.", groups, by_site)
            } else {
                said!("On it could rest {groups}: {by_site}.", groups, by_site)
            }
        })
    }

    fn concentration_in_short(&self, concentration: &Concentration) -> String {
        let keeper = hospital_of(&self.network[concentration.at].key);
        let Some(found) = &concentration.outcome else {
            return said!("All at {keeper}: not possible as it is, see below.", keeper);
        };
        let mut parts = Vec::new();
        for change in &found.cases {
            if change.hospital == concentration.at {
                let (before, after) = (whole(change.before), whole(change.after));
                parts.push(said!("{before} -> {after} cases a year", before, after));
            }
        }
        if let (Some(before), Some(after)) = found.journey_seconds {
            parts.push(said!(
                "mean journey {before} -> {after} minutes",
                before = fixed(before / 60.0, 1),
                after = fixed(after / 60.0, 1)
            ));
        }
        if !found.groups_lost.is_empty() {
            let groups = service_groups(found.groups_lost.len());
            parts.push(said!("{groups} lost", groups));
        }
        if parts.is_empty() {
            return said!("All at {keeper}: no rate of demand counts its cases.", keeper);
        }
        said!("All at {keeper}: {parts}.", keeper, parts = parts.join(", "))
    }
}

/// Fields in a sentence.
fn fields(keys: &[&str]) -> String {
    let named: Vec<String> = keys.iter().map(|key| specialty_of(key)).collect();
    named.join(", ")
}

/// Words of the program one after the other.
fn joined(kinds: &[&str]) -> String {
    let mut told = Vec::new();
    for kind in kinds {
        // One by one: no table of words has every list of them.
        told.push(words::of(kind));
    }
    told.join(", ")
}

/// Hours a year that a way saves until the last stage, by protocol.
fn hours_by_protocol(way: &WayAnswer, protocols: usize) -> Vec<f64> {
    let mut hours = vec![0.0; protocols];
    let mut seen: Vec<&str> = Vec::new();
    for effect in &way.effects {
        // The row until the door's stage stands behind that until the last one, and must not be added to it.
        if seen.contains(&effect.pathway.as_str()) {
            continue;
        }
        seen.push(&effect.pathway);
        for (sum, effect) in hours.iter_mut().zip(&effect.effects) {
            *sum += effect.map_or(0.0, |effect| effect.net_seconds() / 3600.0);
        }
    }
    hours
}

/// The kinds that could carry a field out.
fn kinds_of(field: &FieldAnswer) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for way in &field.ways {
        let name = kind_name(&way.kind);
        if !kinds.contains(&name) {
            kinds.push(name);
        }
    }
    if field.departments.len() > 1 {
        kinds.extend([
            "shared beds",
            "pool of staff",
            "one on-call roster",
            "one partner takes it over",
        ]);
    }
    if field.groups.as_ref().is_some_and(|groups| !groups.covered.is_empty()) {
        kinds.push("supply of service groups");
    }
    kinds
}

/// Why the model computes nothing of a field that has no patients of its own.
fn why_not_modelled(field: &str) -> &'static str {
    match field {
        "recruitment" => {
            "Nobody says how many staff it brings, and when; the model knows staff as a share of beds that are staffed."
        }
        "training" => "The model knows no skills of staff: a stage takes as long whoever does it.",
        "research" => "Studies change what is known, not where and when patients are treated.",
        "digital" => {
            "The model knows no time that records or images take; a consultation from afar is the kind telemedicine."
        }
        "sustainability" => "The model knows neither energy nor materials.",
        "administration" | "catering" => {
            "Nothing of it changes where and when patients are treated."
        }
        _ => "No stage, transfer, service group or bed of the model hangs on this field.",
    }
}
