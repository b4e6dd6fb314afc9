//! Tables of travel times as bytes: the same journeys as `travel_times.csv`, in a tenth of the room.

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;
use verbund::files::{Folder, JourneysError, journeys_from_bytes, journeys_to_bytes};
use verbund::model::TravelRow;
use verbund::units::Seconds;

use crate::embedding::files_of;
use crate::roads_osm::{CHANGED_FILES, mutated, sealed};
use crate::run::output as run;

fn row(place: &str, hospital: &str, time: Option<u32>) -> TravelRow {
    TravelRow { place: place.into(), hospital: hospital.into(), time: time.map(Seconds) }
}

#[test]
fn journeys_come_back_in_their_order_whatever_is_missing() {
    // Hospitals "m", "n", "z" are numbers 0, 1, 2. After the 8 bytes of the name and 4 of the version: 3 and their keys
    // (1 + 1 each), 2 starts, "a" with 2 journeys: 0 and 61, 2 and 0 (no way); "b" with one: 1 and 300 + 1 in two bytes.
    let rows = [row("a", "m", Some(60)), row("a", "z", None), row("b", "n", Some(300))];
    let bytes = journeys_to_bytes(&[rows[2].clone(), rows[1].clone(), rows[0].clone()]);
    let content: &[u8] = b"\x03\x01m\x01n\x01z\x02\x01a\x02\x00\x3d\x02\x00\x01b\x01\x01\xad\x02";
    assert_eq!(bytes[..8], *b"verbtime");
    assert_eq!(bytes[8..12], 1_u32.to_le_bytes());
    assert_eq!(bytes[12..bytes.len() - 4], *content);
    assert_eq!(journeys_from_bytes(&bytes).unwrap(), rows);
    assert_eq!(journeys_from_bytes(&journeys_to_bytes(&[])).unwrap(), []);

    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut pairs = BTreeSet::new();
    for _ in 0..3000 {
        pairs.insert((random.random_range(0..90), random.random_range(0..400)));
    }
    let mut rows = Vec::new();
    for (place, hospital) in pairs {
        let time = random.random_bool(0.9).then(|| random.random_range(0..=60_000));
        rows.push(row(&format!("p{place:02}"), &format!("h{hospital:03}"), time));
    }
    assert_eq!(journeys_from_bytes(&journeys_to_bytes(&rows)).unwrap(), rows);
}

#[test]
fn what_is_cut_changed_older_or_none_is_refused() {
    let rows = [row("a", "m", Some(60)), row("a", "z", None), row("b", "n", Some(300))];
    let bytes = journeys_to_bytes(&rows);
    for length in 0..bytes.len() {
        let error = journeys_from_bytes(&bytes[..length]).unwrap_err();
        let is_foreign = error == JourneysError::Foreign;
        assert_eq!(is_foreign, length < 8, "{length}: {error}");
    }
    for byte in 12..bytes.len() {
        let mut changed = bytes.clone();
        changed[byte] ^= 32;
        let error = journeys_from_bytes(&changed).unwrap_err();
        assert!(matches!(error, JourneysError::Damaged { .. }), "{byte}: {error}");
    }
    let mut newer = bytes.clone();
    newer[8] = 2;
    let version = JourneysError::Version { version: 2, expected: 1 };
    assert_eq!(journeys_from_bytes(&newer), Err(version));
    assert_eq!(journeys_from_bytes(b"place,hospital,minutes\n"), Err(JourneysError::Foreign));

    // Whoever makes the checksum, too, gets journeys or an error, and no panic; what is read is written back.
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let mut read = 0;
    for _ in 0..CHANGED_FILES {
        let mut changed = mutated(&bytes[12..bytes.len() - 4], &mut random);
        changed.splice(0..0, bytes[..12].iter().copied());
        changed.extend([0; 4]);
        let changed = sealed(changed);
        if let Ok(rows) = journeys_from_bytes(&changed) {
            read += 1;
            assert_eq!(journeys_from_bytes(&journeys_to_bytes(&rows)), Ok(rows));
        }
    }
    assert!(read > 0);
}

/// The small network with a table of this name and content.
fn small_with(table: &str, content: Vec<u8>) -> Folder {
    let mut files = files_of("small");
    for (name, bytes) in &mut files {
        if name == "network.ron" {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let named = format!("places: \"places.csv\", travel_times: \"{table}\"");
            *bytes = text.replace("places: \"places.csv\"", &named).into_bytes();
        }
    }
    files.push((table.to_owned(), content));
    Folder::of_files(files)
}

#[test]
fn a_network_reads_the_same_journeys_from_either_table() {
    let (code, csv, told) = run(&["travel-times", "--network", "builtin:small"]);
    assert_eq!(code, 0, "{told}");
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("small.times");
    let output = path.to_str().unwrap();
    let (code, _, told) = run(&["travel-times", "--network", "builtin:small", "--output", output]);
    assert_eq!(code, 0, "{told}");
    let bytes = fs::read(&path).unwrap();
    assert!(bytes.starts_with(b"verbtime") && bytes.len() < csv.len() / 2);

    let by_csv = small_with("travel_times.csv", csv.into_bytes()).read().unwrap();
    let by_bytes = small_with("small.times", bytes.clone()).read().unwrap();
    assert_eq!(by_bytes, by_csv);
    assert!(by_csv.travel_times.unwrap().len() > 20);

    // Faults have the name of the file.
    let told =
        |content: Vec<u8>| small_with("small.times", content).read().unwrap_err().to_string();
    let cut = told(bytes[..bytes.len() - 1].to_vec());
    assert!(cut.contains("small.times") && cut.contains("it is damaged"), "{cut}");
    let foreign = told(b"place,hospital,minutes\n".to_vec());
    assert!(foreign.contains("no file of travel times"), "{foreign}");
    let unknown = told(journeys_to_bytes(&[row("a", "nroth", Some(60)), row("zz", "north", None)]));
    assert!(unknown.contains("unknown hospital \"nroth\"; did you mean \"north\"?"), "{unknown}");
    assert!(unknown.contains("unknown place \"zz\""), "{unknown}");
}

#[test]
#[ignore = "measures: 10 million journeys, some 2 GB"]
fn ten_million_journeys_as_bytes_and_as_text() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut hospitals = Vec::new();
    for number in 0..500 {
        hospitals.push(std::sync::Arc::<str>::from(format!("hospital-{number:04}")));
    }
    let mut rows = Vec::with_capacity(10_000_000);
    let mut csv = "place,hospital,seconds\n".to_owned();
    for place in 0..20_000 {
        let place = std::sync::Arc::<str>::from(format!("146{place:05}"));
        for hospital in &hospitals {
            let seconds = random.random_range(300..7200);
            csv.push_str(&format!("{place},{hospital},{seconds}\n"));
            let (place, hospital) = (place.clone(), hospital.clone());
            rows.push(TravelRow { place, hospital, time: Some(Seconds(seconds)) });
        }
    }
    let bytes = journeys_to_bytes(&rows);
    let started = Instant::now();
    assert!(journeys_from_bytes(&bytes).unwrap() == rows);
    let read = started.elapsed();
    println!(
        "{} bytes a journey in bytes, {} as text; read in {read:?}",
        bytes.len() as f64 / rows.len() as f64,
        csv.len() as f64 / rows.len() as f64
    );
}
