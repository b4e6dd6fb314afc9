//! Service groups that rest on an agreement.

use super::{View, by_site, keys};
use crate::report::columns::{FIELD, MEMBERS, SUPPLIED_GROUPS, UNLOCKED_GROUPS};
use crate::report::document::{Cell, Section, Table};
use crate::rules::Unlock;

impl<'a> View<'a> {
    /// Service groups by the agreement alone.
    pub(super) fn groups(&self) -> Section {
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
}

/// What stands in the field of a row of all fields together; no field has blanks in its key.
const ALL_TOGETHER: &str = "all together";
