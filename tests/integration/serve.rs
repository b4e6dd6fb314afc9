//! The page on an address of this computer: who may ask, how much, and that the engine answers as `compare` prints.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use verbund::files::Folder;

use crate::run::{output, verbund};

/// A program that serves the small network; it ends with the test.
struct Served {
    program: Child,
    /// `127.0.0.1:` and the port.
    host: String,
}

impl Served {
    fn small() -> Self {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("verbund"));
        command.args(["page", "--network", "small", "--open"]).env("LC_ALL", "C");
        // A browser that opens nothing.
        command.env("BROWSER", "true").current_dir(std::env::temp_dir());
        let mut program =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut address = String::new();
        let told = program.stdout.take().expect("it is a pipe");
        BufReader::new(told).read_line(&mut address).expect("it says its address");
        let host = address.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        assert!(host.starts_with("127.0.0.1:"), "{address}");
        Self { program, host }
    }

    /// The status of a request, its headers and its body.
    fn ask(&self, line: &str, headers: &str, body: &str) -> (u16, String, String) {
        self.send(&format!("{line} HTTP/1.1\r\n{headers}Content-Length: {}\r\n", body.len()), body)
    }

    /// The same of lines that say the length of the body as they like.
    fn send(&self, lines: &str, body: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let request = format!("{lines}Connection: close\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // Where it refuses, it may close before all was read: what it said before that is there.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_ascii_lowercase(), body.to_owned())
    }

    fn own(&self) -> String {
        format!("Host: {}\r\n", self.host)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// A scenario of the small network that closes a hospital.
fn scenario(hospital: &str) -> String {
    format!(
        "Scenario(format: 1, id: \"what-if\", name: \"What if\", source: \"a test\", assumed: [\"all\"], changes: [(on: \"{}\", reason: \"tried\", change: CloseHospital(\"{hospital}\"))])",
        Folder::small().read().unwrap().network.date()
    )
}

#[test]
fn the_page_is_served_to_its_own_names_alone() {
    let served = Served::small();
    let (status, head, body) = served.ask("GET /", &served.own(), "");
    assert_eq!(status, 200);
    assert!(body.contains("<!DOCTYPE html>"), "{body}");
    let policy = head.split("content-security-policy: ").nth(1).expect("it has a policy");
    assert!(policy.starts_with("default-src 'none';"), "{head}");
    assert!(policy.lines().next().unwrap().ends_with("frame-ancestors 'none'"), "{head}");
    assert!(head.contains("x-content-type-options: nosniff"), "{head}");

    let port = served.host.rsplit(':').next().unwrap();
    let localhost = format!("Host: localhost:{port}\r\n");
    assert_eq!(served.ask("GET /", &localhost, "").0, 200);
    // A name of somebody else may lead to this computer, too; and a port of ours is part of the name.
    for host in [
        "Host: verbund.example\r\n".to_owned(),
        format!("Host: verbund.example:{port}\r\n"),
        "Host: 127.0.0.1\r\n".to_owned(),
        format!("Host: 127.0.0.1:{port}.example\r\n"),
    ] {
        let (status, _, body) = served.ask("GET /", &host, "");
        assert_eq!(status, 421, "{host}");
        assert!(!body.contains("<html"), "{body}");
    }
    assert_eq!(served.ask("GET /network.ron", &served.own(), "").0, 404);
    assert_eq!(served.ask("GET /compare", &served.own(), "").0, 405);
}

#[test]
fn the_engine_answers_as_compare_prints() {
    let served = Served::small();
    let text = scenario("north");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("what-if.ron");
    std::fs::write(&file, &text).unwrap();
    let file = file.to_str().unwrap();
    let arguments = ["compare", "--network", "small", "--scenario", file];
    let (code, printed, _) =
        output(&[&arguments[..], &["--format", "json", "--limit", "1000000"]].concat());
    assert_eq!(code, 0);

    let origin = format!("{}Origin: http://{}\r\n", served.own(), served.host);
    let (status, head, answer) = served.ask("POST /compare", &origin, &text);
    assert_eq!(status, 200, "{answer}");
    assert!(head.contains("content-type: application/json"), "{head}");
    assert_eq!(answer.trim(), printed.trim());
    // Asked again it says the same.
    assert_eq!(served.ask("POST /compare", &origin, &text).2, answer);
}

#[test]
fn what_is_foreign_too_large_or_no_scenario_is_refused() {
    let served = Served::small();
    let text = scenario("north");
    let foreign = format!("{}Origin: http://verbund.example\r\n", served.own());
    assert_eq!(served.ask("POST /compare", &foreign, &text).0, 403);
    let sandboxed = format!("{}Origin: null\r\n", served.own());
    assert_eq!(served.ask("POST /compare", &sandboxed, &text).0, 403);

    // By what it says of itself, before anything of it is there; and by what comes where it says nothing.
    let large = format!("POST /compare HTTP/1.1\r\n{}Content-Length: 300000\r\n", served.own());
    assert_eq!(served.send(&large, "").0, 413);
    let chunked =
        format!("POST /compare HTTP/1.1\r\n{}Transfer-Encoding: chunked\r\n", served.own());
    let size = 256 * 1024 + 1;
    let body = format!("{size:x}\r\n{}\r\n0\r\n\r\n", " ".repeat(size));
    assert_eq!(served.send(&chunked, &body).0, 413);

    let (status, _, fault) = served.ask("POST /compare", &served.own(), &scenario("nroth"));
    assert_eq!(status, 400);
    assert!(fault.contains("nroth") && fault.contains("north"), "{fault}");
    let (status, _, fault) = served.ask("POST /compare", &served.own(), "Scenario(");
    assert_eq!(status, 400, "{fault}");
    // After all of that it still answers.
    assert_eq!(served.ask("POST /compare", &served.own(), &text).0, 200);
}

#[test]
fn a_page_is_shown_or_written() {
    let (code, out, error) = output(&["page", "--open", "--output", "x.html"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(error.contains("take one of them"), "{error}");
    let (code, _, error) = output(&["page", "--port", "8000"]);
    assert_eq!(code, 2);
    assert!(error.contains("--open"), "{error}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut command = verbund(&["page", "--network", "small", "--open", "--port", &port]);
    let output = command.env("BROWSER", "true").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains(&format!("--port {port}")));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it() {
    let mut served = Served::small();
    let pid = served.program.id().to_string();
    std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert_eq!(served.program.wait().unwrap().code(), Some(130));
}
