//! The page to hand out: one file that asks for nothing, with the figures of the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use verbund::Region;
use verbund::files::Folder;
use verbund::model::{Hospital, Model};
use verbund::overview::Overview;
use verbund::page::{self, Page, PageSettings};
use verbund::words::{Language, in_language};

use crate::common::at;
use crate::run::verbund;

fn page_of(model: &Model, settings: &PageSettings) -> Page {
    let region = Region::new(model, model.network.date()).unwrap();
    let overview = Overview::of(model, &region).unwrap();
    page::render(&overview, None, settings)
}

fn leipzig() -> String {
    let output = verbund(&["page", "--title", "Ein <Titel> & \"mehr\""]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The text between two marks, the last start that there is.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let behind = text.rsplit_once(start).unwrap_or_else(|| panic!("{start} is there")).1;
    behind.split_once(end).unwrap_or_else(|| panic!("{end} is there")).0
}

fn data_of(html: &str) -> serde_json::Value {
    let data = between(html, "<script type=\"application/json\" id=\"data\">", "</script>");
    serde_json::from_str(data).unwrap()
}

/// Base64 the slow way: bit by bit.
fn base64(bytes: &[u8]) -> String {
    let mut bits = String::new();
    for byte in bytes {
        write!(bits, "{byte:08b}").unwrap();
    }
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for start in (0..bits.len()).step_by(6) {
        let six = format!("{:0<6}", &bits[start..bits.len().min(start + 6)]);
        out.push(letters.as_bytes()[usize::from_str_radix(&six, 2).unwrap()].into());
    }
    while !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}

#[test]
fn a_page_speaks_the_language_in_force() {
    let model = Folder::small().read().unwrap();
    let settings = PageSettings::default();
    let english = page_of(&model, &settings).html;
    let german = in_language(Language::German, || page_of(&model, &settings).html);
    assert!(english.contains("<html lang=\"en\">") && german.contains("<html lang=\"de\">"));
    // Columns, a legend, a text of the script, a picture, and a share: in each language its own.
    for (said, counterpart) in [
        ("<h2 id=\"worst-title\">The worst places", "Die am schlechtesten versorgten Orte"),
        ("no hospital in reach", "kein Krankenhaus erreichbar"),
        ("Close this hospital", "Dieses Krankenhaus schließen"),
        (
            "How many people need how many minutes: ",
            "Wie viele Menschen wie viele Minuten brauchen: ",
        ),
        (".0 %", ",0 %"),
    ] {
        assert!(english.contains(said) && !german.contains(said), "{said}");
        assert!(german.contains(counterpart) && !english.contains(counterpart), "{counterpart}");
    }
    assert_eq!(data_of(&german)["marks"], serde_json::json!([".", ","]));
    assert_eq!(data_of(&english)["marks"], serde_json::json!([",", "."]));
    // Keys and numbers are the same.
    assert_eq!(data_of(&german)["places"], data_of(&english)["places"]);
    assert_eq!(data_of(&german)["what_if"]["sites"], data_of(&english)["what_if"]["sites"]);
}

#[test]
fn the_file_is_small_asks_for_nothing_and_its_policy_names_its_own_script() {
    let html = leipzig();
    assert!(html.len() < 500_000, "{} bytes", html.len());
    assert!(html.contains("Ein &lt;Titel&gt; &amp; &quot;mehr&quot;"));

    let policy = between(&html, "Content-Security-Policy\" content=\"", "\"");
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    for (tag, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
        let source = between(&html, tag, end);
        let hash = base64(&Sha256::digest(source.as_bytes()));
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{tag}: {hash} in {policy}");
    }
    // Nothing that a browser would fetch, and no style or handler that the policy would refuse.
    for forbidden in [
        "src=",
        "<link",
        "@import",
        "<img",
        "<iframe",
        "http-equiv=\"refresh",
        " style=",
        " onclick=",
    ] {
        let outside = html.replace(between(&html, "<script>", "</script>"), "");
        assert!(!outside.contains(forbidden), "{forbidden}");
    }
    let script = between(&html, "<script>", "</script>");
    for forbidden in ["fetch(", "XMLHttpRequest", "import(", "innerHTML", "eval(", "WebSocket"] {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn its_figures_are_those_of_coverage_as_json() {
    // Marks of keys in sentences are told as names before they get here.
    assert!(!leipzig().contains(['\u{f8f0}', '\u{f8f1}']));
    let data = data_of(&leipzig());
    let output = verbund(&["coverage", "--format", "json"]).output().unwrap();
    let coverage: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = coverage["tables"]["coverage"].as_array().unwrap();
    let standards = data["standards"].as_array().unwrap();
    assert_eq!(rows.len(), standards.len());
    for (row, standard) in rows.iter().zip(standards) {
        assert_eq!(row["standard"], standard["key"]);
        assert_eq!(row["people"], standard["people"]);
        assert_eq!(row["people_within_limit"], standard["within"]);
        assert_eq!(row["limit_minutes"], standard["minutes"]);
        // The table rounds to four decimals.
        let minutes = standard["mean_seconds"].as_f64().unwrap() / 60.0;
        assert!((row["mean_minutes"].as_f64().unwrap() - minutes).abs() <= 0.000_05);
    }
}

#[test]
fn the_same_network_gives_the_same_bytes() {
    assert_eq!(leipzig(), leipzig());
}

#[test]
fn names_that_attack_stay_text() {
    let bad = "</script><script>alert(1)</script>\"'&{{title}}[[map]]\u{202e}\u{2028}";
    let long = "x".repeat(1024);
    let mut network =
        include_str!("../../networks/small/network.ron").replace("catalog: \"../catalog\",", "");
    // Names in RON: quotes are escaped.
    // Letters that nobody sees are a fault of a network; a title may have them all the same.
    let written = bad.replace('"', "\\\"").replace(['\u{202e}', '\u{2028}'], "");
    for (name, to) in [("Krankenhaus Süd", &written), ("Klinikum Nord", &long)] {
        if network.contains(name) {
            network = network.replace(name, to);
        }
    }
    let places =
        include_str!("../../networks/small/places.csv").replace("Edorf", "\"</title><img src=x>\"");
    let folder = Folder::of_files([("network.ron", network), ("places.csv", places)]);
    let model = folder.read().unwrap();
    assert!(model.network.hospitals().iter().any(|hospital| hospital.name.contains("alert")));

    let page = page_of(&model, &PageSettings::default().title(bad).command(bad));
    assert_eq!(page.html.matches("<script").count(), 2, "data and script, nothing else");
    assert_eq!(page.html.matches("</script").count(), 2);
    assert!(!page.html.contains("<img"));
    assert!(!page.html.contains('\u{202e}') && !page.html.contains('\u{2028}'));
    // What a name says is never taken for a mark of the template.
    assert!(page.html.contains("{{title}}[[map]]"));
    assert!(!page.html.contains(&"x".repeat(130)), "a kilobyte is cut");
    let data = data_of(&page.html);
    let names: Vec<&str> = data["places"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|place| place["name"].as_str())
        .collect();
    assert!(names.contains(&"</title><img src=x>"), "{names:?}");
}

/// The small network with other hospitals and places.
fn changed(hospitals: &[Hospital], places: String) -> Page {
    let catalog = Folder::small().read().unwrap().network.catalog().clone();
    let mut builder =
        verbund::model::NetworkBuilder::new("n", "2026-01-01".parse().unwrap(), catalog);
    for hospital in hospitals {
        builder = builder.hospital(hospital.clone());
    }
    let network = builder.build().unwrap();
    let mut model = Folder::small().read().unwrap();
    let folder = Folder::of_files([
        (
            "network.ron",
            include_str!("../../networks/small/network.ron")
                .replace("catalog: \"../catalog\",", ""),
        ),
        ("places.csv", places),
    ]);
    if let Ok(read) = folder.read() {
        model.places = read.places;
    }
    model.network = network;
    page_of(&model, &PageSettings::default())
}

#[test]
fn networks_of_one_hospital_and_of_none_inside_have_a_page() {
    let places = include_str!("../../networks/small/places.csv").to_owned();
    let one = Hospital::new("one", "One", at(0.0, 0.0));
    let mut outside = one.clone();
    outside.outside = true;
    for hospitals in [vec![], vec![one], vec![outside]] {
        let page = changed(&hospitals, places.clone());
        assert!(page.html.contains("<svg id=\"map\""));
        assert_eq!(data_of(&page.html)["hospitals"].as_array().unwrap().len(), hospitals.len());
    }
}

#[test]
fn of_twenty_thousand_places_the_page_says_what_it_leaves_out() {
    let mut places = String::from("id,name,lat,lon,people\n");
    for number in 0..20_000_u32 {
        let (lat, lon) =
            (50.9 + f64::from(number / 200) * 0.002, 11.9 + f64::from(number % 200) * 0.002);
        places.push_str(&format!(
            "p{number:05},Place {number},{lat:.4},{lon:.4},{}\n",
            1 + number % 90
        ));
    }
    let page = changed(&[Hospital::new("one", "One", at(0.0, 0.0))], places);
    assert!(page.html.len() < page::MOST_BYTES, "{} bytes", page.html.len());
    let told = page.left_out.join(" ");
    assert!(told.contains("places with few people are not drawn"), "{told}");
    assert!(told.contains("The what-if is left out"), "{told}");
    for sentence in &page.left_out {
        assert!(page.html.contains(sentence.as_str()), "{sentence}");
    }
}

#[test]
fn a_country_is_shown_by_its_districts() {
    // 3,000 places of one resident each, in three districts; the keys of two of them begin with that of an area.
    let mut places = String::from("id,name,district,lat,lon,people\n");
    for number in 0..3_000_u32 {
        let district = number % 3;
        let (lat, lon) =
            (50.9 + f64::from(number / 100) * 0.002, 11.9 + f64::from(number % 100) * 0.002);
        places.push_str(&format!(
            "{district:02}{number:04},Place {number},District {district},{lat:.4},{lon:.4},1\n"
        ));
    }
    let mut features = Vec::new();
    for key in ["00", "01", "77"] {
        features.push(format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"key\":\"{key}\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[12,51],[12.1,51],[12.1,51.1],[12,51]]]}}}}"
        ));
    }
    let areas = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","));
    let network =
        include_str!("../../networks/small/network.ron").replace("catalog: \"../catalog\",", "");
    let folder = Folder::of_files([
        ("network.ron", network),
        ("places.csv", places),
        ("areas.geojson", areas),
    ]);
    let model = folder.read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let overview = Overview::of(&model, &region).unwrap();
    let areas = folder.areas().unwrap();
    let page = page::render(&overview, areas.as_ref(), &PageSettings::default());
    assert!(page.html.len() < page::MOST_BYTES_OF_A_COUNTRY);

    let data = data_of(&page.html);
    let shown = data["places"].as_array().unwrap();
    let names: Vec<&str> = shown.iter().map(|place| place["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["District 0", "District 1", "District 2"]);
    assert!(shown.iter().all(|place| place["people"] == 1_000));
    // Who is in time is counted by place, whatever is drawn.
    for standard in data["standards"].as_array().unwrap() {
        let places = standard["places"].as_array().unwrap();
        let within: u64 = places.iter().map(|place| place[1].as_u64().unwrap()).sum();
        assert_eq!(within, standard["within"].as_u64().unwrap(), "{standard}");
    }
    let told = page.left_out.join(" ");
    assert!(told.contains("shows the 3 districts of the network"), "{told}");
    assert!(told.contains("The what-if is left out"), "{told}");
    assert!(told.contains("Areas that match no place: 77."), "{told}");
    assert!(told.contains("drawn as discs: District 2."), "{told}");
}

#[test]
fn areas_that_do_not_match_are_named() {
    let model = Folder::small().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let overview = Overview::of(&model, &region).unwrap();
    let ring = "[[[12,51],[12.1,51],[12.1,51.1],[12,51]]]";
    let text = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"key\":\"nowhere\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{ring}}}}}]}}"
    );
    let areas = Folder::of_files([("areas.geojson", text)]).areas().unwrap();
    let page = page::render(&overview, areas.as_ref(), &PageSettings::default());
    let told = page.left_out.join(" ");
    assert!(told.contains("Areas that match no place: nowhere."), "{told}");
    assert!(told.contains("Places inside without an area"), "{told}");
}

#[test]
fn a_recipe_of_a_new_hospital_meets_the_standard_that_it_is_for() {
    let data = data_of(&leipzig());
    let standards = data["what_if"]["standards"].as_array().unwrap();
    let mut fields: BTreeMap<usize, &str> = BTreeMap::new();
    for (position, standard) in standards.iter().enumerate() {
        let meets = standard["recipe"]["meets"].as_array().unwrap();
        assert!(meets.contains(&serde_json::json!(position)));
        fields.insert(position, standard["recipe"]["fields"].as_str().unwrap());
    }
    assert!(fields.values().all(|fields| fields.contains("departments: [")));
}

#[test]
fn a_page_is_no_table() {
    let output = verbund(&["page", "--format", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a page is HTML"));
}

#[test]
fn after_a_scenario_before_and_after_are_those_of_compare() {
    let scenario = "torgau-internal-closed";
    let output = verbund(&["page", "--scenario", scenario]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let html = String::from_utf8(output.stdout).unwrap();
    assert!(html.len() < 500_000, "{} bytes", html.len());
    assert!(html.contains("<h1>Internal medicine at Torgau closed for a month</h1>"));

    let output =
        verbund(&["compare", "--scenario", scenario, "--format", "json"]).output().unwrap();
    let compared: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let section = between(&html, "<section id=\"change\"", "</section>");
    let data = data_of(&html);
    for (position, row) in compared["tables"]["standards"].as_array().unwrap().iter().enumerate() {
        // Newly beyond and newly in time stand behind the name of each standard.
        let name = data["standards"][position]["name"].as_str().unwrap();
        let cells = section.split(&format!("<th scope=\"row\">{name}</th>")).nth(1).unwrap();
        let numbers: Vec<String> = cells
            .split("<td class=\"number\">")
            .skip(1)
            .take(2)
            .map(|cell| cell.split('<').next().unwrap().replace(',', ""))
            .collect();
        assert_eq!(
            numbers,
            [row["lost_people"].to_string(), row["won_people"].to_string()],
            "{name}"
        );
        // A place that loses is marked on the map exactly where somebody does.
        let lost = data["change"]["standards"][position]["lost"].as_array().unwrap();
        assert_eq!(!lost.is_empty(), row["lost_people"].as_u64() > Some(0), "{name}");
    }
}

#[test]
fn a_page_shows_one_change() {
    let scenarios = ["--scenario", "mulde-bridge", "--scenario", "demography-2035"];
    let mut arguments = vec!["page"];
    arguments.extend(scenarios);
    let output = verbund(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("one change"));
}

#[test]
fn a_hospital_that_closed_is_a_cross_and_pictures_name_the_change() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("no-torgau.ron");
    let text = r#"(format: 1, id: "no-torgau", name: "Torgau's hospital closes", source: "invented", changes: [
        (on: "2026-07-01", reason: "x", change: CloseHospital("kkh-torgau")),
    ])"#;
    std::fs::write(&scenario, text).unwrap();
    let output = verbund(&["page", "--scenario", scenario.to_str().unwrap()]).output().unwrap();
    let html = String::from_utf8(output.stdout).unwrap();
    assert!(html.len() < page::MOST_BYTES, "{} bytes", html.len());
    let cross = between(&html, "<g class=\"gone\" tabindex=\"0\" role=\"img\" aria-label=\"", "\"");
    assert!(cross.starts_with("Kreiskrankenhaus Torgau"), "{cross}");
    assert!(cross.ends_with(": closed by the change"), "{cross}");
    // Ten standards, the beds, closures; each says what it is after.
    assert_eq!(html.matches("<figure>").count(), 12);
    assert!(html.matches("after: Torgau&#39;s hospital closes").count() >= 12);
    // What others know by a key has words here.
    let findings = between(&html, "id=\"findings\"", "</section>");
    assert!(findings.contains(" → ") && findings.contains(" (Transfer), "), "{findings}");
    assert!(html.contains("central service: can change care"));
    let not_asked_for = between(&html, "<dt>Not in this page</dt><dd>", "</dd>");
    assert!(not_asked_for.contains("--with tornado") && not_asked_for.contains("--figures"));
}

#[test]
fn a_page_has_the_pictures_that_are_asked_for() {
    let model = Folder::small().read().unwrap();
    let plain = page_of(&model, &PageSettings::default()).html;
    // Every standard, the beds, closures.
    let standards = model.network.catalog().standards.len();
    assert_eq!(plain.matches("<figure>").count(), standards + 2);

    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let dictionary = file(
        "dictionary.csv",
        "id,name,kind,direction,unit,per,reference,source,definition\n\
         deaths,Deaths,share,lower,%,100,,invented,counted\n\
         beds,Beds,value,neutral,beds,1,,invented,counted\n",
    );
    let figures = file(
        "figures.csv",
        "member,year,indicator,count,denominator,expected,unit\n\
         st-georg-leipzig,2024,deaths,50,1000,,\n\
         chemnitz-klinikum,2024,deaths,80,1000,,\n\
         Vivantes Berlin,2024,deaths,90,2000,,\n\
         st-georg-leipzig,2024,beds,900,,,\n\
         chemnitz-klinikum,2024,beds,1700,,,\n",
    );
    let asked = ["page", "--alliance", "akg", "--dictionary", &dictionary, "--figures", &figures];
    let output = verbund(&asked).output().unwrap();
    let html = String::from_utf8(output.stdout).unwrap();
    // Beds are a number by themselves, with no limits of chance.
    assert_eq!(html.matches(": members against chance, ").count(), 2, "title and heading");
    assert!(html.contains("Deaths: members against chance, 2024") && html.len() < page::MOST_BYTES);
    assert!(!html.contains("--figures FILE"));

    crate::run::refused(
        &["page", "--alliance", "nowhere", "--dictionary", &dictionary, "--figures", &figures],
        &["nowhere"],
    );
    crate::run::refused(&["page", "--alliance", "akg"], &["--figures"]);
}

#[test]
fn a_tornado_is_drawn_where_it_is_asked_for_and_says_of_which_run() {
    let output = verbund(&["page", "--network", "small", "--with", "tornado"]).output().unwrap();
    let html = String::from_utf8(output.stdout).unwrap();
    assert!(html.contains("What moves the simulated figures most"));
    assert!(html.contains("56 days after 28; 4 replications; seed 1"));
    assert!(
        !html.contains("--with tornado.") && html.contains("verbund page --network small --with")
    );
}
