//! Stays that somebody knows: read, fitted, and followed at the wards that they are of.

use std::fs;

use verbund::Region;
use verbund::files::Folder;
use verbund::model::Network;
use verbund::queueing::Distribution;
use verbund::random::Seed;
use verbund::simulation::{Outliers, PatientFlow, Rhythm, Settings, Stays, trace};

use crate::run::{json, refused};

fn small() -> Region {
    let model = Folder::small().read().unwrap();
    Region::new(&model, model.network.date()).unwrap()
}

fn stays(table: &str, network: &Network) -> Stays {
    Stays::read(table, "stays.csv", network).unwrap()
}

/// Mean days of the stays of emergencies of a specialty at a hospital, from their start to their end.
fn mean_days(region: &Region, stays: Option<Stays>, hospital: &str, specialty: &str) -> f64 {
    // Without hours of discharges, to which stays would be drawn, and without longer ones in other wards.
    let alone = Outliers { most_share: 0.0, ..Outliers::default() };
    let settings = Settings::default().days(200).warm_up_days(0).stays(stays);
    let settings = settings.rhythm(Rhythm::even()).outliers(alone);
    let flow = PatientFlow::new(region, &settings, None).unwrap();
    let (mut sum, mut count) = (0.0, 0.0);
    trace(&flow, Seed(3), 0, |stay| {
        let is_asked = stay.hospital == hospital
            && stay.subject == specialty
            && stay.phase == "emergency"
            // Those of the start have only what is left; late ones are cut off.
            && !stay.place.is_empty()
            && stay.came < 100.0;
        if let (true, Some(started), Some(ended)) = (is_asked, stay.started, stay.ended) {
            sum += ended - started;
            count += 1.0;
        }
        Ok(())
    })
    .unwrap();
    assert!(count > 100.0, "{count}");
    sum / count
}

#[test]
fn stays_of_one_hospital_hold_there_and_nowhere_else() {
    let region = small();
    let network = region.network();
    // Constant stays of 9 days: a spread of 0 makes the mean exact.
    let table = "hospital,specialty,urgency,median_days,cv\nsouth,internal_medicine,,9,0\n";
    let known = stays(table, network);
    let mean =
        |stays: Option<Stays>, hospital| mean_days(&region, stays, hospital, "internal_medicine");
    assert!((mean(Some(known.clone()), "south") - 9.0).abs() < 1e-9);
    let (before, after) = (mean(None, "north"), mean(Some(known), "north"));
    assert!((before - after).abs() < 0.25 * before, "{before}, {after}");
    assert!((before - 9.0).abs() > 0.5, "{before}");
}

#[test]
fn what_is_said_of_a_hospital_and_urgency_goes_first() {
    let region = small();
    let table = "hospital,specialty,urgency,median_days,cv\n\
                 ,internal_medicine,,2,0\n\
                 ,internal_medicine,emergency,3,0\n\
                 south,internal_medicine,,4,0\n\
                 south,internal_medicine,emergency,5,0\n";
    let known = stays(table, region.network());
    let mean = |hospital| mean_days(&region, Some(known.clone()), hospital, "internal_medicine");
    assert!((mean("south") - 5.0).abs() < 1e-9 && (mean("north") - 3.0).abs() < 1e-9);
}

#[test]
fn several_ages_are_mixed_by_their_cases() {
    let region = small();
    let table = "specialty,age,median_days,cv,cases\n\
                 general_surgery,0-64,2,0,300\n\
                 general_surgery,65+,6,0,100\n";
    let known = stays(table, region.network());
    // (300 x 2 + 100 x 6) / 400.
    assert!((known.rows()[0].law.mean() - 3.0).abs() < 1e-9);
    assert!(matches!(known.rows()[0].law, Distribution::Mixture(_)));
}

#[test]
fn laws_are_fitted_to_a_list_of_stays() {
    let region = small();
    let mut table = "hospital,specialty,days\n".to_owned();
    for number in 0..2000 {
        // Quantiles of a Weibull of shape 2 and scale 8: mean 8 x gamma(1.5) = 7.090.
        let share = (f64::from(number) + 0.5) / 2000.0;
        let days = 8.0 * (-(1.0 - share).ln()).sqrt();
        table.push_str(&format!("south,internal_medicine,{days:.4}\n"));
    }
    let known = stays(&table, region.network());
    let row = &known.rows()[0];
    let fit = row.fit.as_ref().unwrap();
    assert_eq!((fit.stays, fit.law.as_str()), (2000, "weibull"));
    assert!((row.law.mean() - 7.09).abs() < 0.02, "{:?}", row.law);
    assert!(fit.next.as_ref().unwrap().1 > 2.0 && fit.chance > 0.9);
}

#[test]
fn two_million_stays_are_read() {
    let region = small();
    let mut table = "specialty,days\n".to_owned();
    for number in 0..2_000_000_u32 {
        let days = 0.5 + f64::from(number.wrapping_mul(2_654_435_761) >> 16) / 6000.0;
        table.push_str(&format!("obstetrics,{days:.2}\n"));
    }
    let known = stays(&table, region.network());
    let fit = known.rows()[0].fit.as_ref().unwrap();
    // As many from half a day to 11.4 as there are: no law has such an end, so the stays themselves are drawn.
    assert_eq!((fit.stays, fit.law.as_str()), (2_000_000, "empirical"));
    let Distribution::Empirical(values) = &known.rows()[0].law else { panic!("the stays") };
    assert_eq!(values.len(), 1000);
    let mean = known.rows()[0].law.mean();
    assert!((mean - (0.5 + 65_535.0 / 2.0 / 6000.0)).abs() < 0.02, "{mean}");
}

#[test]
fn every_fault_of_stays_is_told_with_its_line() {
    let region = small();
    let network = region.network();
    let told = |table: &str| Stays::read(table, "stays.csv", network).unwrap_err().to_string();
    let text = told(
        "hospital,specialty,urgency,days\n\
         nroth,obstetrics,,3\n\
         ,obstetrix,,3\n\
         ,obstetrics,urgent,3\n\
         ,obstetrics,,three\n\
         ,obstetrics,,0\n\
         ,obstetrics,,-2\n\
         ,obstetrics,,\n",
    );
    for (line, part) in [
        (2, "did you mean \"north\"?"),
        (3, "did you mean \"obstetrics\"?"),
        (4, "urgent"),
        (5, "\"three\" is not what belongs here"),
        (6, "0 is out of range"),
        (7, "-2 is out of range"),
        (8, "is empty"),
    ] {
        let place = format!("stays.csv:{line}:");
        let told = text.lines().find(|told| told.contains(&place));
        let told = told.unwrap_or_else(|| panic!("line {line}\n{text}"));
        assert!(told.contains(part), "{told}");
    }
    let ten = format!("specialty,days\n{}", "obstetrics,3\nobstetrics,4\n".repeat(5));
    let ten = told(&ten);
    assert!(ten.contains("stays.csv:2:") && ten.contains("10 stays of this group"), "{ten}");
    assert!(told(&format!("specialty,days\n{}", "obstetrics,3\n".repeat(50))).contains("50 stays"));
    let twice = told("specialty,median_days,cv\nobstetrics,3,1\nobstetrics,4,1\n");
    assert!(twice.contains("the group of line 2 once more"), "{twice}");
    assert!(told("specialty,days\n").contains("the table has no row"));
}

#[test]
fn the_program_takes_stays_and_lists_their_laws() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stays.csv");
    let path_text = path.to_str().unwrap();
    fs::write(&path, "hospital,specialty,median_days,cv\nsouth,obstetrics,2,0.5\n").unwrap();
    let listed = ["simulate", "--network", "small", "--by", "assumed", "--stays", path_text];
    let value = json(&listed);
    let rows = value["tables"]["stays"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["hospital"]), (1, &"south".into()));
    let run = json(&[&listed[..3], &["--days", "5", "--replications", "1"], &listed[5..]].concat());
    assert_eq!(run["about"]["stays"], "known, of so many groups: 1");
    fs::write(&path, "specialty,median_days,cv\nobstetrics,-1,0.5\n").unwrap();
    refused(&listed, &["stays.csv:2:", "-1 is out of range"]);
}

/// Stays at the quantiles of an exponential law, of internal medicine.
fn listed(count: u32, mean: f64) -> String {
    let mut table = String::from("specialty,days\n");
    for number in 0..count {
        let share = (f64::from(number) + 0.5) / f64::from(count);
        table.push_str(&format!("internal_medicine,{}\n", -mean * (1.0 - share).ln()));
    }
    table
}

#[test]
fn listed_stays_are_counted_in_bins_beside_every_law() {
    let network = Folder::small().read().unwrap().network;
    let stays = stays(&listed(400, 5.0), &network);
    let histogram = stays.rows()[0].histogram.as_ref().unwrap();
    // 98 % of an exponential law of mean 5 are below 19.6 days: 40 bins of half a day.
    assert_eq!((histogram.bin_days, histogram.counts.len(), histogram.stays()), (0.5, 40, 400));
    assert!((4..=8).contains(&histogram.beyond), "{}", histogram.beyond);
    // 1 - exp(-0.1) of 400 in the first bin: 38.07.
    assert!((37..=39).contains(&histogram.counts[0]), "{:?}", histogram.counts);
    for fit in &histogram.fits {
        let share = fit.law.share_below(5.0);
        assert!((share - 0.632).abs() < 0.06, "{fit:?}: {share}");
    }
    // Medians have nothing to count.
    let known =
        Stays::read("specialty,median_days,cv\nobstetrics,3,0.5\n", "s.csv", &network).unwrap();
    assert!(known.rows()[0].histogram.is_none());
}

#[test]
fn listed_stays_are_drawn_with_their_laws_without_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let (table, picture) = (folder.path().join("stays.csv"), folder.path().join("stays.svg"));
    fs::write(&table, listed(400, 5.0)).unwrap();
    let (table, picture) = (table.to_str().unwrap(), picture.to_str().unwrap());
    let command = ["simulate", "--network", "small", "--by", "assumed", "--stays", table];
    crate::run::text(&[&command[..], &["--plot", picture]].concat());
    let svg = fs::read_to_string(picture).unwrap();
    for part in [
        "<rect",
        "<polyline",
        ": AIC 0.0 more than the best",
        "p = ",
        "400 stays",
        "internal_medicine",
    ] {
        assert!(svg.contains(part), "{part}: {svg}");
    }

    // Nothing to draw of medians: said, and nothing is written.
    fs::write(table, "specialty,median_days,cv\nobstetrics,3,0.5\n").unwrap();
    let other = folder.path().join("other.svg");
    let plot = ["--plot", other.to_str().unwrap()];
    let (code, _, error) = crate::run::output(&[&command[..], &plot].concat());
    assert_eq!((code, other.exists()), (0, false), "{error}");
    assert!(error.contains("no stays are listed"), "{error}");
}
