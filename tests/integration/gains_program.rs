//! `--by district|place` and what changes of cooperations do: the program tells who is sooner and later, where, and why
//! a link is not used.

use serde_json::Value;

use crate::run::{json, refused, text};

/// The figure of a row.
fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{key} of {row}"))
}

fn rows<'v>(value: &'v Value, table: &str) -> &'v [Value] {
    value["tables"][table].as_array().unwrap_or_else(|| panic!("{table} of {value}"))
}

/// The sum of a figure over the rows of a pathway, stage and first door.
fn sum(rows: &[Value], like: &Value, key: &str) -> f64 {
    let is_like = |row: &&Value| {
        ["pathway", "until", "first_door"].iter().all(|field| row[*field] == like[*field])
    };
    rows.iter().filter(is_like).map(|row| number(row, key)).sum()
}

/// What is printed, without its line ends.
fn words(out: &str) -> String {
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

const TORGAU: &str = "telemedicine fkh-hubertusburg kkh-torgau neurology";

#[test]
fn a_pathway_with_a_new_link_tells_who_gains_and_where() {
    let out = text(&["pathway", "stroke", "--add", TORGAU]);
    for part in [
        "Sooner and later with these changes",
        "In time with these changes",
        "The places that gain most",
        "What the new links carry, and why not where they carry nobody",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 110), "{out}");

    let all = json(&["pathway", "stroke", "--add", TORGAU]);
    let gains = rows(&all, "gains");
    let of = |until: &str, door: &str| {
        gains.iter().find(|row| row["until"] == until && row["first_door"] == door).unwrap()
    };
    let free = of("thrombolysis", "free");
    // What `cooperation --suggest` says of the same link.
    let suggested = json(&[
        "cooperation",
        "--suggest",
        "telemedicine",
        "--field",
        "neurology",
        "--pathway",
        "stroke",
        "--count",
        "1",
    ]);
    let link = rows(&suggested, "ranked").iter().find(|row| row["to"] == "kkh-torgau").unwrap();
    assert_eq!(number(free, "people_sooner"), number(link, "people_sooner_free"));
    assert_eq!(number(free, "sooner_minutes"), number(link, "minutes_per_case_free"));
    let nearest = of("thrombolysis", "nearest");
    assert_eq!(number(nearest, "people_sooner"), number(link, "people_sooner_nearest_door"));
    assert_eq!(number(nearest, "people_later"), number(link, "people_later_nearest_door"));

    // Districts and places add up, but for rounding and for those of whom nothing shows.
    for (by, table) in [("district", "gains_districts"), ("place", "gains_places")] {
        let value = json(&["pathway", "stroke", "--add", TORGAU, "--by", by]);
        for row in gains {
            for key in ["people_sooner", "people_later"] {
                let parts = sum(rows(&value, table), row, key);
                assert!((parts - number(row, key)).abs() <= 20.0, "{by} {key} {parts} {row}");
            }
        }
    }
    refused(&["pathway", "stroke", "--by", "district"], &["--add, --without or --hours"]);
}

#[test]
fn why_a_link_is_not_used_is_said_with_what_it_carries_by_the_other_first_door() {
    let out = text(&["pathway", "stroke_lvo", "--without", "tessa-hubertusburg-eilenburg"]);
    assert!(out.contains("Nobody is done sooner or later"), "{out}");
    let words = words(&out);
    assert!(words.contains("nearest door first: it carries 35.6 cases"), "{words}");
    assert!(
        words.contains("ambulances go straight to others, most to Klinikum St. Georg Leipzig"),
        "{words}"
    );

    let one = self::words(&text(&["cooperation", "tessa-eilenburg"]));
    assert!(one.contains("Klinik Eilenburg (Telemedicine) does the same"), "{one}");
    let all = text(&["cooperation"]);
    let groups = all.find("What they bring that can stand in for each other").unwrap();
    assert!(groups < all.find("By the hours that would be lost").unwrap(), "groups stand first");
    assert!(self::words(&all).contains("All 4 of kind Telemedicine together save"), "{all}");
}

#[test]
fn a_cooperation_and_failures_are_told_by_district_and_place() {
    let value = json(&["cooperation", "neurovascular-transfer-altscherbitz", "--by", "district"]);
    let found = rows(&value, "gains_districts");
    assert!(!found.is_empty() && found.iter().all(|row| row["pathway"] == "stroke_lvo"), "{value}");
    assert!(found.iter().all(|row| number(row, "people_sooner") > 0.0), "{value}");
    refused(&["cooperation", "--by", "place"], &["COOPERATION"]);

    let value = json(&["critical", "stroke", "--by", "place", "--protocol", "free"]);
    let found = rows(&value, "critical_by");
    // By a free choice no failure makes anybody sooner: everybody of whom something shows is later or has no way.
    assert!(!found.is_empty());
    for row in found {
        assert!(number(row, "people_later") + number(row, "people_losing_way") > 0.0, "{row}");
    }
}

#[test]
fn a_comparison_tells_gains_by_district_age_and_place_of_care_pathways() {
    let scenario = ["compare", "--scenario", "merger-delitzsch-eilenburg"];
    let table = |by: &str, key: &str| {
        let value = json(&[&scenario[..], &["--by", by]].concat());
        rows(&value, key).to_vec()
    };
    let all = table("pathway", "pathways");
    let districts = table("stage-district", "stage_districts");
    let places = table("stage-place", "stage_places_all");
    assert!(!all.is_empty() && !districts.is_empty() && !places.is_empty());
    // The merger takes Eilenburg's door away: somebody is later.
    assert!(all.iter().any(|row| number(row, "people_later") > 1000.0));
    for row in &all {
        for key in ["people_sooner", "people_later"] {
            let parts = sum(&districts, row, key);
            // Districts are told until the last stage only.
            if parts > 0.0 {
                assert!((parts - number(row, key)).abs() <= 5.0, "{key} {parts} {row}");
            }
        }
    }
}
