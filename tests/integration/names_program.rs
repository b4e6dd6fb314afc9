//! One rule for every name on the command line.

use crate::problems::Copy;
use crate::run::{json, output, refused, run, text, verbund};

/// The small network with other places.
fn with_places(places: &str) -> Copy {
    let copy = Copy::new();
    std::fs::write(copy.folder.join("places.csv"), format!("{HEADER}{places}")).unwrap();
    copy
}

const HEADER: &str = "id,name,district,lat,lon,people\n";

#[test]
fn a_name_of_decomposed_letters_is_found_however_it_is_typed() {
    let copy = with_places("b,Bo\u{308}hlitz,Nord,50.910068,12.0,2000\n");
    let network = copy.folder.to_str().unwrap();
    for typed in ["Böhlitz", "Bo\u{308}hlitz", "Boehlitz", "Bohlitz", "bohlitz", "böh", "b"] {
        let route = ["route", "--from", typed, "--need", "ct", "--network", network];
        assert!(text(&route).starts_with("Route from Bo\u{308}hlitz"), "{typed}");
    }
}

#[test]
fn what_a_refusal_tells_to_type_is_accepted_as_it_stands() {
    let copy = with_places(
        "a,Adorf,Nord,50.955034,12.0,1000\nb,a,Nord,50.910068,12.0,2000\n\
         c,Adorf,Süd,50.820136,12.0,4000\n",
    );
    let network = copy.folder.to_str().unwrap();
    let route =
        |typed: &str| output(&["route", "--from", typed, "--need", "ct", "--network", network]);
    let (code, _, error) = route("adorf");
    assert_eq!(code, 2);
    assert!(error.contains("\"Adorf (a, Nord)\", \"Adorf (c, Süd)\""), "{error}");
    for (typed, title) in [
        ("Adorf (a, Nord)", "Route from Adorf (Nord)"),
        ("Adorf (c, Süd)", "Route from Adorf (Süd)"),
        ("Adorf (c)", "Route from Adorf (Süd)"),
        // The key of one place is the name of another.
        ("a", "Route from Adorf (Nord)"),
        ("a (b)", "Route from a (Nord)"),
    ] {
        let (code, out, error) = route(typed);
        assert_eq!((code, error.as_str()), (0, ""), "{typed}");
        assert!(out.starts_with(title), "{typed}: {out}");
    }

    // Every name in quotation marks of a refusal of the region's hospitals.
    let (code, _, error) = output(&["info", "Sana"]);
    assert_eq!(code, 2);
    let told: Vec<&str> = error.split('"').skip(3).step_by(2).collect();
    assert_eq!(told.len(), 4, "{error}");
    for typed in told {
        assert!(typed.starts_with(text(&["info", typed]).lines().next().unwrap()), "{typed}");
    }
}

#[test]
fn a_part_of_a_name_is_enough_on_every_command() {
    for (arguments, told) in [
        (&["coverage", "stroke"][..], "stroke unit "),
        (&["coverage", "Grundversorgung"], "basic care "),
        (&["closures", "--standard", "Stroke Unit", "--choice", "none"], "stroke unit, 30 minutes"),
        (&["cooperation", "tessa-eil"], "– Klinik Eilenburg (Telemedicine)"),
        (&["pathway", "stroke_l"], "Pathway: stroke with large-vessel occlusion"),
        (&["graph", "--field", "Neurologie", "--dependences"], "for neurology"),
        (&["rules", "supplement", "--provision", "obst"], " B "),
        (&["rules", "volumes", "--service", "of the knee"], "total replacements of the knee"),
        (&["flows", "--specialty", "Innere Medizin"], "One specialty alone"),
        (&["info", "--scenario", "winte"], "id: \"winter\""),
    ] {
        let out = text(arguments);
        assert!(out.contains(told), "{arguments:?}: {out}");
    }
    refused(
        &["graph", "--field", "neuro"],
        &["is more than one field", "\"neurosurgery\"", "\"neurology\""],
    );
    refused(&["coverage", "strok_unit"], &["unknown standard", "did you mean \"stroke_unit\"?"]);
}

#[test]
fn a_city_means_its_only_site_with_inpatients() {
    // Of two sites that have Delitzsch in their names one is there; Eilenburg has a day clinic, too.
    for (city, site) in [("Delitzsch", "Klinik Delitzsch"), ("eilenburg", "Klinik Eilenburg")] {
        let out = text(&["info", city]);
        assert!(out.lines().next().unwrap().ends_with(site), "{out}");
    }
    refused(&["info", "Leipzig"], &["is more than one hospital", "more\n"]);
}

#[test]
fn the_key_of_a_closed_hospital_means_no_other_one() {
    // It closed on 2025-05-28; the network is that of 2026.
    refused(&["info", "helios-schkeuditz"], &["is not there on 2026-01-01", "say --as-of"]);
    let out = text(&["info", "helios-schkeuditz", "--as-of", "2025-01-01"]);
    assert!(out.starts_with("Helios Klinik Schkeuditz"), "{out}");
}

#[test]
fn the_same_standard_under_several_names_is_one_row() {
    let coverage = json(&["coverage", "ct", "CT", "ct (ct)", "basic_care", "ct"]);
    let rows = coverage["tables"]["coverage"].as_array().unwrap();
    let keys: Vec<&str> = rows.iter().map(|row| row["standard"].as_str().unwrap()).collect();
    assert_eq!(keys, ["ct", "basic_care"]);
}

#[test]
fn a_cooperation_either_ends_or_works_in_other_hours() {
    let hours = ["--hours", "tessa-eilenburg Mon-Fri 8-16"];
    refused(
        &[&["pathway", "stroke", "--without", "TESSA Eilenburg"][..], &hours].concat(),
        &["--without and --hours both name tessa-eilenburg"],
    );
    refused(
        &[&["critical", "stroke"][..], &hours, &["--hours", "tessa-eilenburg Sat 8-16"]].concat(),
        &["tessa-eilenburg is given twice"],
    );
    refused(
        &[&["cooperation", "tessa-eilenburg"][..], &hours].concat(),
        &["this is the one that is asked about; give its hours"],
    );
    refused(
        &["cooperation", "tessa-eilenburg", "--without", "tessa-eil"],
        &["this is the one that is asked about"],
    );
    let agreement = "telemedicine fkh-hubertusburg kkh-torgau neurology";
    refused(&["pathway", "stroke", "--add", agreement, "--add", agreement], &["is given twice"]);
}

#[test]
fn flags_that_had_another_name_still_work_and_say_what_they_are_called_now() {
    let hours = "tessa-eilenburg Mon-Fri 8-16";
    for (old, new, value, command) in [
        ("--limit", "--hours", hours, &["pathway", "stroke"][..]),
        ("--limit", "--hours", hours, &["critical", "stroke"]),
        ("--condition", "--pathway", "stroke", &["cooperation"]),
        ("--condition", "--pathway", "stroke", &["route", "--from", "Eilenburg"]),
        ("--model", "--choice", "nearest", &["flows"]),
    ] {
        let (code, out, error) = output(&[command, &[old, value]].concat());
        assert_eq!((code, error), (0, format!("verbund: {old} is called {new} now\n")));
        assert_eq!(out, text(&[command, &[new, value]].concat()));
    }
    // Where it is the name of something else, nothing is said of it.
    text(&["compare", "--scenario", "merger-delitzsch-eilenburg", "--limit", "3"]);
}

#[test]
fn hours_without_a_cooperation_are_those_of_the_one_that_is_asked_about() {
    let limited = text(&["cooperation", "tessa-eilenburg", "--hours", "Mon-Fri 8-16"]);
    assert!(limited.contains("Mon-Fri 8-16"), "{limited}");
    for command in [&["pathway", "stroke"][..], &["critical"], &["cooperation"]] {
        refused(
            &[command, &["--hours", "Mon-Fri 8-16"]].concat(),
            &["names no cooperation; write \"COOPERATION HOURS\""],
        );
    }
    refused(
        &["cooperation", "tessa-eilenburg", "--hours", "Mon 8-16", "--hours", "Tue 8-16"],
        &["name all hours at once"],
    );
}

#[test]
fn heads_say_what_ends_what_works_in_other_hours_and_what_is_added() {
    let arguments = [
        "--without",
        "tessa-hubertusburg-eilenburg",
        "--hours",
        "TESSA Eilenburg Mon-Fri 8-16",
        "--add",
        "tele Fachkrankenhaus Hubertusburg kkh-torgau Neurologie",
        "--protocol",
        "nearest-door",
    ];
    for command in [
        &["pathway", "stroke"][..],
        &["pathway"],
        &["critical", "stroke"],
        &["cooperation", "--pathway", "stroke"],
        &["route", "--from", "Eilenburg", "--pathway", "stroke"],
    ] {
        let about = &json(&[command, &arguments].concat())["about"];
        assert_eq!(about["without"], "tessa-hubertusburg-eilenburg", "{command:?}: {about}");
        assert_eq!(
            about["changes"],
            "added: telemedicine fkh-hubertusburg kkh-torgau neurology; \
             limited: tessa-eilenburg Mon-Fri 8-16 (now Always)"
        );
        assert!(about.to_string().contains("nearest"), "{command:?}: {about}");
    }
}

#[test]
fn namesakes_carry_their_district_or_key_in_every_table() {
    // Two Neustadt in one district, a third in another; a hospital of the name of `north`.
    let copy = with_places(
        "a,Neustadt,Nord,50.955034,12.0,1000\nb,Neustadt,Nord,50.910068,12.0,2000\n\
         c,Neustadt,Süd,50.820136,12.0,4000\nd,Dedorf,Süd,50.685238,12.0,8000\n",
    )
    .with("network.ron", "Krankenhaus Süd", "Klinikum Nord");
    let network = ["--network", copy.folder.to_str().unwrap()];
    let told = ["Neustadt (a)", "Neustadt (b)", "Neustadt (Süd)", "Dedorf"];
    for arguments in [
        &["coverage", "basic_care", "--by", "place"][..],
        &["coverage", "basic_care", "--by", "gap", "--within", "1"],
        &["flows", "--by", "place"],
        &["pathway", "stroke", "--by", "place"],
        &["pathway", "stroke", "--by", "stage"],
        &["report", "--full"],
    ] {
        let out = text(&[arguments, &network].concat());
        for name in told {
            assert!(out.contains(&format!(" {name} ")), "no {name} in {arguments:?}: {out}");
        }
        assert!(!out.contains("Dedorf ("), "{arguments:?}: {out}");
    }
    // Programs read the key, and the name as it is.
    let places = json(&[&["coverage", "basic_care", "--by", "place"], &network[..]].concat());
    let row = &places["tables"]["places"][0];
    assert_eq!((&row["place"], &row["place_name"]), (&"a".into(), &"Neustadt".into()));

    let route = text(&[&["route", "--from", "b", "--need", "ct"], &network[..]].concat());
    assert!(route.starts_with("Route from Neustadt (b, Nord)"), "{route}");
    assert!(route.contains("From Neustadt (b) to CT"), "{route}");
    for name in ["Klinikum Nord (Nordkreis)", "Klinikum Nord (Südkreis)"] {
        assert!(route.contains(name), "{route}");
    }
}

#[test]
fn a_stopping_rule_with_too_few_replications_says_how_many_it_needs() {
    let simulate = |replications: &str| {
        let arguments = ["simulate", "--network", "small", "--days", "5", "--replications"];
        text(&[&arguments[..], &[replications, "--until-half-width", "1000"]].concat())
    };
    for few in ["1", "2", "4"] {
        let out = simulate(few).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(out.contains("at least 5 replications are needed"), "{out}");
    }
    let out = simulate("5");
    assert!(out.contains("after 5 replications") && !out.contains("needed"), "{out}");
}

#[test]
fn a_scenario_of_the_network_is_meant_where_a_file_has_its_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("winter"), "no scenario").unwrap();
    let here = |arguments: &[&str]| {
        let mut command = verbund(arguments);
        command.current_dir(folder.path());
        run(command)
    };
    // A file is not what this command prints, so only one can be meant.
    let (code, own, error) = here(&["info", "--scenario", "winter"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(own.contains("id: \"winter\""), "{own}");
    assert_eq!(here(&["info", "--scenario", "network:winter"]).1, own);

    // Where both can be meant, it is the file; what is told to type for the other one is accepted.
    let (code, out, error) = here(&["check", "--scenario", "winter"]);
    assert_eq!(code, 1, "{out}");
    let told = "say network:winter for the one that the network brings";
    assert!(error.contains("the file ./winter is meant") && error.contains(told), "{error}");
    let (code, out, error) = here(&["check", "--scenario", "network:winter"]);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    let (code, _, error) = here(&["check", "--scenario", "network:wintr"]);
    assert!(code == 2 && error.contains("did you mean \"winter\"?"), "{error}");
}

#[test]
fn people_read_names_and_programs_keys_unless_somebody_asks_for_keys() {
    let flows = |more: &[&str]| text(&[&["flows", "--network", "builtin:small"], more].concat());
    let (names, keys) = (flows(&[]), flows(&["--keys"]));
    assert!(names.contains(" Klinikum Nord ") && !names.contains(" north "), "{names}");
    assert!(keys.contains(" north ") && !keys.contains("Klinikum Nord"), "{keys}");
    assert!(flows(&["--format", "md"]).contains("| Klinikum Nord |"));
    assert!(flows(&["--format", "md", "--keys"]).contains("| north |"));
    // Data are the same either way.
    for format in ["json", "csv", "csv-excel"] {
        let data = flows(&["--format", format]);
        assert_eq!(data, flows(&["--format", format, "--keys"]));
        assert!(data.contains("north"), "{data}");
    }

    // Standards in the language of the reader, and several hospitals in a cell.
    let coverage =
        |more: &[&str]| text(&[&["coverage", "--network", "builtin:small"], more].concat());
    assert!(coverage(&[]).contains(" basic care "));
    assert!(coverage(&["--lang", "de"]).contains(" Grundversorgung "));
    let pairs = ["closures", "--standard", "ct", "--order", "2", "--network", "builtin:small"];
    let pairs = text(&pairs);
    assert!(pairs.contains("Klinikum Nord, Krankenhaus Süd"), "{pairs}");
    // Lists are where commands take keys from.
    let list = text(&["info", "--list", "standards", "--network", "builtin:small"]);
    assert!(list.contains(" basic_care "), "{list}");
    let list = text(&["info", "--list", "hospitals", "--network", "builtin:small"]);
    assert!(list.contains(" north ") && list.contains("Klinikum Nord"), "{list}");
}

#[test]
fn remarks_name_hospitals_as_tables_do() {
    let report = |more: &[&str]| {
        let report = ["report", "--full", "--network", "builtin:small"];
        text(&[&report[..], more].concat()).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let held = "Hospitals without which others lose their last cooperation: ";
    let names = format!("{held}Klinikum Nord, Fachklinik West.");
    assert!(report(&[]).contains(&names), "{}", report(&[]));
    assert!(report(&["--format", "md"]).contains(&names));
    let keys = format!("{held}north, west.");
    assert!(report(&["--keys"]).contains(&keys));
    assert!(report(&["--format", "json"]).contains(&keys));
}

#[test]
fn hospitals_of_one_name_are_told_apart_in_tables_of_keys() {
    let copy =
        Copy::new().with("network.ron", "name: \"Krankenhaus Süd\"", "name: \"Klinikum Nord\"");
    let out = text(&["flows", "--network", copy.folder.to_str().unwrap()]);
    assert_eq!(out.matches(" Klinikum Nord (").count(), 2, "{out}");
    assert!(!out.contains("Klinikum Nord  "), "{out}");
}
