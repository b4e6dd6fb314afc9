//! Minutes and people by pathway, and why nobody's time changes elsewhere.

use super::super::protocols::{below_zero, notes_on};
use super::super::{later, saved, sooner};
use super::{View, kind_name, sites_around};
use crate::agreement::{NoEffect, PathwayEffect, Reach, Terms, WayAnswer};
use crate::impact::Effect;
use crate::model::{CooperationKind, Urgency};
use crate::pathways::Protocol;
use crate::report::columns::{
    BETWEEN, FIELD, HOURS_SAVED_UNDER, KIND, PATHWAY, PEOPLE_LATER_UNDER, PEOPLE_SOONER_UNDER,
    TERMS, UNTIL, WHY,
};
use crate::report::document::{Cell, Section, Table, hospital_of};
use crate::units::Seconds;
use crate::words;

impl View<'_> {
    /// Minutes and people by pathway, where somebody's time changes.
    pub(super) fn minutes(&self) -> Section {
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
    pub(super) fn no_minutes(&self) -> Section {
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
