//! An agreement, opened: what each of its fields could change.

use super::protocols::{below_zero, notes_on};
use super::{later, saved, sooner};
use crate::agreement::{
    Agreement, BedsAnswer, BedsFigure, Concentration, FieldAnswer, LastStage, NoEffect,
    PathwayEffect, Reach, Terms, VolumeChange, WayAnswer,
};
use crate::impact::Effect;
use crate::model::{Cooperation, CooperationKind, HospitalId, Network, Urgency};
use crate::pathways::Protocol;
use crate::region::Region;
use crate::report::columns::{
    AFTER_VALUE, BEFORE_VALUE, BETWEEN, CARRIED_BY, CHANGE, CHANGE_HALF_WIDTH, FIELD, FIGURE,
    HALF_WIDTH, HOURS_SAVED_UNDER, IN_SHORT, KEPT_AT, KIND, MEMBERS, PATHWAY, PEOPLE_LATER_UNDER,
    PEOPLE_SOONER_UNDER, SUPPLIED_GROUPS, TERMS, UNIT, UNLOCKED_GROUPS, UNTIL, WHAT, WHY,
};
use crate::report::document::{
    Cell, Document, Hint, Remark, Section, Table, cooperation_of, hospital_of, specialty_of,
    stage_of, standard_of,
};
use crate::report::open;
use crate::rules::{GroupAt, Unlock};
use crate::units::{Seconds, grouped};
use crate::words::{self, fixed, signed};

/// Sharing of beds and staff that was simulated, and how.
#[derive(Debug, Clone, Copy)]
pub struct SimulatedBeds<'a> {
    /// The answers.
    pub answers: &'a [BedsAnswer],
    /// Days that count.
    pub days: u32,
    /// Replications that were finished.
    pub replications: u64,
}

/// What an agreement of two hospitals could change that there is not.
pub fn agreement_between(
    region: &Region,
    agreed: &Cooperation,
    opened: &Agreement,
    beds: Option<SimulatedBeds<'_>>,
) -> Document {
    let network = region.network();
    let partners: Vec<&str> = keys(network, &opened.partners);
    let names: Vec<&str> = opened.partners.iter().map(|id| network[*id].name.as_str()).collect();
    let title = said!(
        "What an agreement of {partners} could change",
        partners = names.join(&words::of(" and "))
    );
    let labels: Vec<String> = opened.protocols.iter().map(|protocol| protocol.label()).collect();
    let mut document =
        open(title, region).about("protocol", labels.join(&words::of("; beside it ")));

    let mut there: Vec<String> = Vec::new();
    for cooperation in network.cooperations() {
        let parties = cooperation.parties.keys();
        if partners.iter().all(|partner| parties.contains(partner)) {
            there.push(cooperation_of(&cooperation.key));
        }
    }
    if !there.is_empty() {
        document = document.about("agreed_already", there.join(", "));
    }
    agreement_sections(document, region, agreed, opened, beds)
}

/// The sections of an opened agreement, behind what a document has of it already.
pub fn agreement_sections(
    document: Document,
    region: &Region,
    agreed: &Cooperation,
    opened: &Agreement,
    beds: Option<SimulatedBeds<'_>>,
) -> Document {
    let view = View { network: region.network(), agreed, opened };
    let mut document = document.section(view.fields(beds));
    for section in [view.minutes(), view.no_minutes(), view.groups()] {
        document = document.section(section);
    }
    document = document.section(view.concentrated());
    if let Some(beds) = beds {
        document = document.section(view.beds(beds));
    }
    document.section(view.assumed())
}

/// An opened agreement with what names its parts.
struct View<'a> {
    network: &'a Network,
    agreed: &'a Cooperation,
    opened: &'a Agreement,
}

/// A figure before and after one partner takes a field over.
struct FigureRow {
    field: String,
    at: String,
    what: Cell,
    unit: &'static str,
    before: Option<f64>,
    after: Option<f64>,
}

impl<'a> View<'a> {
    /// A row a field: who could carry it out, and what that comes to.
    fn fields(&self, beds: Option<SimulatedBeds<'_>>) -> Section {
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
            _ => said!(
                "Between the partners nobody's minutes change: {keys} does every stage itself.",
                keys = keys(self.network, &do_all).join(", ")
            ),
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

    /// Minutes and people by pathway, where somebody's time changes.
    fn minutes(&self) -> Section {
        struct Row<'a> {
            field: &'a str,
            way: &'a WayAnswer,
            effect: &'a PathwayEffect,
        }
        let mut rows = Vec::new();
        let mut effects: Vec<Effect> = Vec::new();
        for field in &self.opened.fields {
            for way in &field.ways {
                for effect in &way.effects {
                    effects.extend(effect.effects.iter().flatten().copied());
                    rows.push(Row { field: &field.field, way, effect });
                }
            }
        }
        let is_empty = rows.is_empty();
        let mut table = Table::of(rows)
            .column(FIELD, |row| Cell::text(row.field))
            .column(KIND, |row| Cell::word(kind_name(&row.way.kind)))
            .column(TERMS, |row| Cell::said(|| terms(&row.way.terms)))
            .column(BETWEEN, |row| Cell::said(|| self.between(row.way)))
            .column(PATHWAY, |row| Cell::text(&row.effect.pathway))
            .column(UNTIL, |row| Cell::text(&row.effect.until));
        let cell = |row: &Row<'_>, position: usize, figure: fn(&Effect) -> Cell| {
            row.effect.effects[position].as_ref().map_or(Cell::Missing, figure)
        };
        // The protocols side by side first: on a narrow screen people go before hours do.
        for (position, &protocol) in self.opened.protocols.iter().enumerate() {
            table = table
                .column(HOURS_SAVED_UNDER.under(protocol), move |row| cell(row, position, saved));
        }
        for (position, &protocol) in self.opened.protocols.iter().enumerate() {
            let is_beside = position > 0;
            table = table
                .detail_if(is_beside, PEOPLE_SOONER_UNDER.under(protocol), move |row| {
                    cell(row, position, sooner)
                })
                // By a free choice nobody is later.
                .detail_if(
                    protocol == Protocol::Free,
                    PEOPLE_LATER_UNDER.under(protocol),
                    move |row| cell(row, position, later),
                );
        }
        let section =
            Section::new("agreed_minutes", "Minutes and people, by pathway", table.build());
        if is_empty {
            return section.in_words("Nobody's time changes by any kind in any field.");
        }
        let mut section = section
            .note("Saved: hours a year over all cases of people inside the region, from the call to the end of the stage (Until), less what others lose. Sooner, later: residents inside.")
            .note("Between whom: of a transfer, who hands on > who takes over; else who helps > who is helped. Sites around: every site inside that could take part and does not yet, each with its nearest partner, all at once.");
        for note in notes_on(&self.opened.protocols, self.has_elective()) {
            section = section.note(note);
        }
        section.maybe_note(below_zero(&effects))
    }

    fn has_elective(&self) -> bool {
        let pathways = &self.network.catalog().pathways;
        let is_elective = |key: &str| {
            pathways.iter().any(|known| known.key == key && known.urgency == Urgency::Elective)
        };
        let ways = self.opened.fields.iter().flat_map(|field| &field.ways);
        ways.flat_map(|way| &way.effects).any(|effect| is_elective(&effect.pathway))
    }

    /// Kinds that some pathway could use, and by which nobody's time changes; the same reason stands once.
    fn no_minutes(&self) -> Section {
        struct Row<'a> {
            field: &'a str,
            way: &'a WayAnswer,
            between: Vec<&'a WayAnswer>,
            why: &'a NoEffect,
        }
        let mut rows: Vec<Row<'_>> = Vec::new();
        for field in &self.opened.fields {
            for way in &field.ways {
                let Some(why) = &way.why_none else { continue };
                match rows.last_mut() {
                    Some(last)
                        if last.field == field.field
                            && last.way.kind == way.kind
                            && Self::why(last.why, &way.kind) == Self::why(why, &way.kind) =>
                    {
                        last.between.push(way);
                    }
                    _ => rows.push(Row { field: &field.field, way, between: vec![way], why }),
                }
            }
        }
        let table = Table::of(rows)
            .column(FIELD, |row| Cell::text(row.field))
            .column(KIND, |row| Cell::word(kind_name(&row.way.kind)))
            .detail(TERMS, |row| Cell::said(|| terms(&row.way.terms)))
            .column(BETWEEN, |row| Cell::said(|| self.between_all(&row.between)))
            .column(WHY, |row| Cell::said(|| Self::why(row.why, &row.way.kind)))
            .build();
        let heading = "Where a pathway could use it, and no time changes";
        let section = Section::new("agreed_no_minutes", heading, table);
        if self.opened.fields.iter().all(|field| field.ways.is_empty()) {
            return section.in_words("No pathway could use a cooperation in any of these fields.");
        }
        section.note(
            "So under every protocol above. Between whom: as in the table of minutes; each way is tried alone.",
        )
    }

    fn why(why: &NoEffect, kind: &CooperationKind) -> String {
        let is_transfer = matches!(kind, CooperationKind::Transfer { .. });
        match why {
            NoEffect::NotModelled | NoEffect::UnderOtherFields => said!("not modelled"),
            NoEffect::Exists => said!("runs already, at all hours"),
            NoEffect::NotEligible(lacks) if is_transfer || lacks.is_empty() => {
                said!("no stage that the one does is followed by one that the other does")
            }
            NoEffect::NotEligible(lacks) => words::each_of(lacks).join("; "),
            NoEffect::DoesItItself(_) if is_transfer => {
                said!("the sender does every stage itself")
            }
            NoEffect::DoesItItself(_) => said!("who would be helped does every stage itself"),
            NoEffect::NobodyGains => said!("another way is as fast for everybody"),
            NoEffect::NoSite => {
                said!("no other site inside could take part that does not already")
            }
        }
    }

    fn between(&self, way: &WayAnswer) -> String {
        match &way.reach {
            Reach::Between { from, to } => {
                format!(
                    "{} > {}",
                    hospital_of(&self.network[*from].key),
                    hospital_of(&self.network[*to].key)
                )
            }
            Reach::Region { sites } if sites.is_empty() => said!("sites around"),
            Reach::Region { sites } => sites_around(sites.len()),
        }
    }

    fn between_all(&self, ways: &[&WayAnswer]) -> String {
        let mut told = Vec::new();
        for way in ways {
            told.push(self.between(way));
        }
        told.join("; ")
    }

    /// Service groups by the agreement alone.
    fn groups(&self) -> Section {
        struct Row<'a> {
            field: &'a str,
            partners: Vec<&'a str>,
            unlocked: Vec<String>,
            supplied: Vec<String>,
        }
        let mut rows = Vec::new();
        let mut of_fields = 0;
        let mut add = |field: &'a str, unlocks: &'a [Unlock]| {
            for unlock in unlocks {
                rows.push(Row {
                    field,
                    partners: keys(self.network, &unlock.partners),
                    unlocked: by_site(self.network, &unlock.unlocked),
                    supplied: by_site(self.network, &unlock.supplied),
                });
            }
        };
        for field in &self.opened.fields {
            if let Some(groups) = &field.groups {
                add(&field.field, &groups.unlocks);
                of_fields += groups.count();
            }
        }
        if let Some(groups) = &self.opened.groups {
            let count = groups.count();
            // One that needs two fields is in no row of a field.
            if count > of_fields {
                add(ALL_TOGETHER, &groups.unlocks);
            }
        }
        let is_empty = rows.is_empty();
        let table = Table::of(rows)
            .column(FIELD, |row| match row.field {
                ALL_TOGETHER => Cell::word(ALL_TOGETHER),
                field => Cell::text(field),
            })
            .column(MEMBERS, |row| Cell::list(row.partners.iter().copied()))
            .column(UNLOCKED_GROUPS, |row| Cell::list(row.unlocked.iter().map(String::as_str)))
            .column(SUPPLIED_GROUPS, |row| Cell::list(row.supplied.iter().map(String::as_str)))
            .build();
        let section = Section::new(
            "agreed_groups",
            "Service groups (Leistungsgruppen) that rest on it, and what it must cover",
            table,
        );
        if self.opened.groups.is_none() {
            return section.in_words("The catalog has no service groups.");
        }
        if is_empty {
            return section.in_words(
                "No site has a service group of annex 1 SGB V by an agreement in one of these fields that it would not have without: on its own, or by another agreement.",
            );
        }
        section
            .note("Each field for itself, as a written agreement that covers the groups of this field both ways, beside all others; all together where a group needs several. Who offers which group is assumed.")
    }

    /// What follows when one partner takes a field over.
    fn concentrated(&self) -> Section {
        let mut rows = Vec::new();
        let mut remarks: Vec<String> = Vec::new();
        let mut lost: Vec<String> = Vec::new();
        for field in &self.opened.fields {
            for concentration in &field.concentrations {
                let keeper = hospital_of(&self.network[concentration.at].key);
                rows.extend(self.figures(field, concentration));
                if let Some(faults) = &concentration.faults {
                    remarks.push(said!(
                        "{field} at {keeper}: {faults}",
                        field = specialty_of(&field.field),
                        keeper,
                        faults
                    ));
                }
                if !concentration.facilities.is_empty() {
                    remarks.push(said!(
                        "{field} at {keeper}: {facilities} of the others moves with it.",
                        field = specialty_of(&field.field),
                        keeper,
                        facilities = concentration.facilities.join(", ")
                    ));
                }
                if let Some(found) = &concentration.outcome {
                    let field = specialty_of(&field.field);
                    if !found.groups_lost.is_empty() {
                        let by_site = by_site(self.network, &found.groups_lost).join("; ");
                        lost.push(said!(
                            "{field} at {keeper} loses service groups: {by_site}.",
                            field,
                            keeper,
                            by_site
                        ));
                    }
                    if !found.groups_gained.is_empty() {
                        let by_site = by_site(self.network, &found.groups_gained).join("; ");
                        lost.push(said!(
                            "{field} at {keeper} gains service groups: {by_site}.",
                            field,
                            keeper,
                            by_site
                        ));
                    }
                }
            }
        }
        let is_empty = rows.is_empty();
        let table = Table::of(rows)
            .column(FIELD, |row| Cell::text(&row.field))
            .column(KEPT_AT, |row| Cell::text(&row.at))
            .column(WHAT, |row| row.what.clone())
            .column(UNIT, |row| Cell::word(row.unit))
            .column(BEFORE_VALUE, |row| Cell::maybe_number(row.before, 1))
            .column(AFTER_VALUE, |row| Cell::maybe_number(row.after, 1))
            .build();
        let mut section = Section::new(
            "agreed_concentrated",
            "If one partner takes the field over from the others",
            table,
        );
        if is_empty && remarks.is_empty() {
            return section.in_words("In none of these fields two partners have a department.");
        }
        section = section.note("Departments move with all their beds. Cases: expected ones a year of the specialty, by a choice among all hospitals that treat it; journeys: of all its patients. Pathways: people inside, from the call to the end of the last stage, over those with a way. Minimum volumes: expected cases, or counted ones of the year named, all of which then go to the one partner.");
        for remark in lost.into_iter().chain(remarks) {
            section = section.note(remark);
        }
        section
    }

    fn figures(&self, field: &FieldAnswer, concentration: &Concentration) -> Vec<FigureRow> {
        let mut rows = Vec::new();
        let Some(found) = &concentration.outcome else { return rows };
        let mut add = |what: Cell, unit: &'static str, before: Option<f64>, after: Option<f64>| {
            let (field, at) = (field.field.clone(), self.network[concentration.at].key.clone());
            rows.push(FigureRow { field, at, what, unit, before, after });
        };
        for change in &found.cases {
            let hospital = hospital_of(&self.network[change.hospital].key);
            let what = Cell::said(|| said!("cases at {hospital}", hospital));
            add(what, "cases", Some(change.before), Some(change.after));
        }
        if !found.cases.is_empty() {
            let (before, after) = found.elsewhere;
            if before > 0.0 || after > 0.0 {
                add(Cell::word("cases elsewhere"), "cases", Some(before), Some(after));
            }
            let (before, after) = found.journey_seconds;
            let minutes = |seconds: Option<f64>| seconds.map(|seconds| seconds / 60.0);
            add(Cell::word("mean journey"), "minutes", minutes(before), minutes(after));
        }
        for change in &found.pathways {
            for (protocol, (before, after)) in self.opened.protocols.iter().zip(&change.by_protocol)
            {
                let (key, stage) = (standard_of(&change.pathway), stage_of(&change.stage));
                let minutes = |times: &LastStage| times.mean_seconds.map(|mean| mean / 60.0);
                let what = Cell::said(|| {
                    said!(
                        "{key}, until {stage}, mean, {label}",
                        key,
                        stage,
                        label = short(*protocol)
                    )
                });
                add(what, "minutes", minutes(before), minutes(after));
                if before.without_way != after.without_way {
                    let what = Cell::said(|| {
                        said!(
                            "{key}, without a way to {stage}, {label}",
                            key,
                            stage,
                            label = short(*protocol)
                        )
                    });
                    add(what, "people", Some(before.without_way), Some(after.without_way));
                }
            }
        }
        for change in &found.volumes {
            // A number in it: told in both languages, as programs keep the English.
            let what = Cell::said(|| self.volume(change));
            add(what, "cases", Some(change.before), Some(change.after));
        }
        rows
    }

    /// A minimum volume, what its line is, and how its cases are known.
    fn volume(&self, change: &VolumeChange) -> String {
        let least = match change.least_cases {
            Some(least) => {
                said!("at least {least} in {year}", least = fixed(least, 0), year = change.year)
            }
            None => said!("no line in {year}", year = change.year),
        };
        let counted = match change.counted_in {
            Some(year) => said!("counted {year}", year),
            None => said!("expected"),
        };
        let (service, site) = (&change.service, hospital_of(&self.network[change.hospital].key));
        said!("{service} at {site} ({least}; {counted})", service, site, least, counted)
    }

    /// Shared beds and staff.
    fn beds(&self, beds: SimulatedBeds<'_>) -> Section {
        let mut rows: Vec<(&BedsAnswer, &BedsFigure)> = Vec::new();
        let mut brought: Vec<String> = Vec::new();
        for answer in beds.answers {
            for figure in &answer.figures {
                rows.push((answer, figure));
            }
            if let Some(count) = &answer.brought {
                let half_width = count.half_width.unwrap_or(f64::NAN);
                brought.push(format!(
                    "{} {} ± {}",
                    specialty_of(&answer.field),
                    fixed(count.mean, 0),
                    fixed(half_width, 0)
                ));
            }
        }
        let is_empty = rows.is_empty();
        let table = Table::of(rows)
            .column(FIELD, |(answer, _)| Cell::text(&answer.field))
            .column(KIND, |(answer, _)| Cell::word(kind_name(&answer.kind)))
            .column(TERMS, |(answer, _)| Cell::said(|| bed_terms(answer)))
            .detail(MEMBERS, |(answer, _)| {
                let wards = answer.wards.iter();
                let told = |id: HospitalId, beds: &u32| {
                    let hospital = hospital_of(&self.network[id].key);
                    said!("{hospital}: {beds} beds", hospital, beds)
                };
                Cell::told(|| wards.clone().map(|(id, beds)| told(*id, beds)).collect())
            })
            .column(FIGURE, |(_, row)| Cell::text(row.figure.key()))
            .column(BEFORE_VALUE, |(_, row)| Cell::number(row.before.mean, 1))
            .column(HALF_WIDTH, |(_, row)| Cell::maybe_number(row.before.half_width, 1))
            .column(CHANGE, |(_, row)| Cell::number(row.change.mean + 0.0, 1))
            .column(CHANGE_HALF_WIDTH, |(_, row)| Cell::maybe_number(row.change.half_width, 1))
            .build();
        let heading = "Beds and staff shared, by simulation";
        let section = Section::new("agreed_beds", heading, table);
        if is_empty {
            return section.in_words(
                "In none of these fields two partners have a department with beds that could be shared.",
            );
        }
        let shared = said!(
            "Shared beds: whoever finds the first choice full is brought to the partner first, which counts as let in elsewhere. Brought to a shared bed: {brought}.",
            brought = brought.join(", ")
        );
        section
            .note(said!("Patients of the partners' wards of the field together in {days} days, mean of {replications} replications, each with the same patients as they are and with it. ±: half of the 95 % interval; a change smaller than that may be chance.", days = beds.days, replications = beds.replications))
            .note("diverted_away: found their first choice full and were let in elsewhere. forced: let in without a free bed. refused: let in nowhere.")
            .maybe_note((!brought.is_empty()).then_some(shared))
    }

    /// What stands behind all of it.
    fn assumed(&self) -> Section {
        let mut told = said!(
            "Nobody published how the fields are carried out. Terms: those of the file (terms, by field), else the defaults of the pathways and a fifth of the beds pooled (assumed), "
        );
        told.push_str(&said!(
            "in the hours of the agreement ({hours}). ",
            hours = self.agreed.hours.in_print()
        ));
        told.push_str(&said!("That both sides would agree, have the staff, and that every site around takes part. Each kind is worked out alone: what several bring together is not their sum."));
        Section::new("agreed_assumed", "What is assumed", Table::empty(&[WHAT])).in_words(told)
    }
}

/// Fields in a sentence.
fn fields(keys: &[&str]) -> String {
    let named: Vec<String> = keys.iter().map(|key| specialty_of(key)).collect();
    named.join(", ")
}

fn keys<'n>(network: &'n Network, hospitals: &[HospitalId]) -> Vec<&'n str> {
    hospitals.iter().map(|id| network[*id].key.as_str()).collect()
}

/// Groups by site in words: `kkh-torgau: 14 23`.
fn by_site<'g>(network: &Network, groups: impl IntoIterator<Item = &'g GroupAt>) -> Vec<String> {
    let mut sites: Vec<(HospitalId, String)> = Vec::new();
    for GroupAt { hospital, group } in groups {
        match sites.iter_mut().find(|(known, _)| known == hospital) {
            Some((_, words)) => words.push_str(&format!(" {group}")),
            None => sites.push((*hospital, group.to_string())),
        }
    }
    let told = |site: HospitalId| hospital_of(&network[site].key);
    sites.into_iter().map(|(site, words)| format!("{}: {words}", told(site))).collect()
}

/// What stands in the field of a row of all fields together; no field has blanks in its key.
const ALL_TOGETHER: &str = "all together";

fn sites_around(count: usize) -> String {
    if count == 1 { said!("1 site around") } else { said!("{count} sites around", count) }
}

fn service_groups(count: usize) -> String {
    if count == 1 { said!("1 service group") } else { said!("{count} service groups", count) }
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

fn kind_name(kind: &CooperationKind) -> &'static str {
    match kind {
        CooperationKind::Transfer { .. } => "transfer",
        CooperationKind::Telemedicine { .. } => "telemedicine",
        CooperationKind::VisitingTeam { .. } => "visiting team",
        CooperationKind::CentralService { .. } => "central service",
        CooperationKind::SharedBeds { .. } => "shared beds",
        CooperationKind::StaffPool => "pool of staff",
        CooperationKind::SharedOnCall => "one on-call roster",
        other => other.name(),
    }
}

/// A protocol in few words.
fn short(protocol: Protocol) -> String {
    match protocol {
        Protocol::NearestDoor => said!("by the nearest door"),
        Protocol::Free => said!("by a free choice"),
        other => other.label(),
    }
}

/// Cases as a whole number: `4,265`.
fn whole(cases: f64) -> String {
    grouped(cases.round() as u64)
}

/// The term in words: `10m (assumed)`.
fn terms(terms: &Terms) -> String {
    match terms {
        Terms::Given(term) => said!("{term} (file)", term),
        Terms::Assumed(defaults) => {
            let defaults: Vec<String> = defaults.iter().map(Seconds::to_string).collect();
            said!("{defaults} (assumed)", defaults = defaults.join(", "))
        }
    }
}

fn bed_terms(answer: &BedsAnswer) -> String {
    let from = words::of(if answer.is_given { "file" } else { "assumed" });
    match answer.kind {
        CooperationKind::SharedBeds { pooled_share: Some(share) } => {
            said!("{share} % pooled ({from})", share = fixed(100.0 * share, 0), from)
        }
        CooperationKind::SharedBeds { pooled_share: None } => said!("all pooled ({from})", from),
        _ => said!("none"),
    }
}

/// What a kind of sharing changes for sure, in one sentence; `None` where it may be chance.
fn beds_in_short(answer: &BedsAnswer, days: u32) -> Option<String> {
    let mut changes = Vec::new();
    for row in &answer.figures {
        let half_width = row.change.half_width.unwrap_or(f64::INFINITY);
        if row.change.mean.abs() > half_width {
            changes.push(format!(
                "{} ± {} {}",
                signed(row.change.mean, 0),
                fixed(half_width, 0),
                row.figure.key()
            ));
        }
    }
    if changes.is_empty() {
        return None;
    }
    let name = words::of(kind_name(&answer.kind));
    Some(said!("{name} in {days} days: {changes}.", name, days, changes = changes.join(", ")))
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
