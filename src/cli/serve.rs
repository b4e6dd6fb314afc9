//! `verbund page --open`: the page on an address of this computer alone, with the engine behind its what-if.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread;

use anyhow::{Context, anyhow};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::oneshot;
use verbund::page::Page;

use super::language::message;
use super::output;
use super::terminal::remark;

/// Most bytes of a scenario that is asked about: thousands of changes, and nothing that fills a memory.
const MOST_BYTES: usize = 256 * 1024;
/// Questions that wait while one is answered: whoever clicks on does not want all the answers in between.
const MOST_WAITING: usize = 8;

/// What a scenario changes, as JSON, or what is wrong with it.
pub(super) type Answer = Result<String, String>;

/// A scenario that the page asks about.
struct Question {
    scenario: String,
    answer: oneshot::Sender<Answer>,
}

/// What the server knows.
#[derive(Clone)]
struct Server {
    html: Arc<str>,
    policy: HeaderValue,
    /// The names that this computer gives itself. A page of another name, whatever address it leads to, is not ours:
    /// its script would read our answers.
    hosts: [String; 2],
    questions: SyncSender<Question>,
}

/// Serves a page until the program is ended, and opens it in a browser; `answer` is asked about scenarios, one at a
/// time.
pub(super) fn serve(
    page: Page,
    port: Option<u16>,
    mut answer: impl FnMut(&str) -> Answer,
) -> anyhow::Result<()> {
    let port = port.unwrap_or(0);
    // Nobody beyond this computer reaches that address.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("--port {port}: the page cannot be served there"))?;
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    let (questions, asked) = sync_channel(MOST_WAITING);
    let server = Server {
        html: page.html.into(),
        policy: HeaderValue::from_str(&format!("{}; frame-ancestors 'none'", page.policy))?,
        hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")],
        questions,
    };
    let serving = thread::Builder::new().name("server".to_owned());
    let serving = serving.spawn(move || listen(listener, server))?;

    let address = format!("http://127.0.0.1:{port}/");
    output::print_lines(&format!("{address}\n"))?;
    remark(&message!("the page is served to this computer alone, until Ctrl-C"));
    // Some browsers keep whoever starts them waiting until they are closed.
    thread::spawn(move || {
        if let Err(error) = opener::open_browser(&address) {
            remark(&message!("no browser opens ({error}): open {address} in one", error, address));
        }
    });
    // Here rather than in the server: the region need not be shared, and answers take all cores by themselves.
    for question in asked {
        // Who asked may have gone on to the next change.
        if !question.answer.is_closed() {
            let _ = question.answer.send(answer(&question.scenario));
        }
    }
    serving.join().map_err(|_| anyhow!("the server stopped"))?
}

fn listen(listener: TcpListener, server: Server) -> anyhow::Result<()> {
    // One thread: there is one reader.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, routes(server)).await?;
        Ok(())
    })
}

fn routes(server: Server) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/compare", post(compare))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn_with_state(server.clone(), guarded))
        .with_state(server)
}

async fn page(State(server): State<Server>) -> Html<String> {
    Html(server.html.to_string())
}

/// What a scenario in the notation of files changes: the JSON of `verbund compare`.
async fn compare(State(server): State<Server>, scenario: String) -> Response {
    let (sender, answer) = oneshot::channel();
    let question = Question { scenario, answer: sender };
    match server.questions.try_send(question) {
        Err(TrySendError::Full(_)) => {
            return (StatusCode::SERVICE_UNAVAILABLE, "too many questions wait\n").into_response();
        }
        Err(TrySendError::Disconnected(_)) => {
            return (StatusCode::SERVICE_UNAVAILABLE, "the program is ending\n").into_response();
        }
        Ok(()) => {}
    }
    match answer.await {
        Ok(Ok(json)) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Ok(Err(fault)) => (StatusCode::BAD_REQUEST, fault).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "there is no answer\n").into_response(),
    }
}

/// Refuses what other names and other pages ask, and says what a browser may do with the answers.
async fn guarded(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&server.hosts, request.headers()) {
        Some((status, words)) => (status, words).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, server.policy);
    let fixed: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Why a request is refused before it is read; `None` where the page itself asks, or somebody who opens it.
fn refusal(hosts: &[String; 2], headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text(header::HOST).unwrap_or_default();
    if !hosts.iter().any(|known| known == host) {
        return Some((StatusCode::MISDIRECTED_REQUEST, "this page has another host name\n"));
    }
    // Browsers name the page that asks; programs such as curl name none.
    let is_foreign = |origin: &str| origin.strip_prefix("http://") != Some(host);
    if text(header::ORIGIN).is_some_and(is_foreign) {
        return Some((StatusCode::FORBIDDEN, "another page asks\n"));
    }
    // Who says no length is stopped as soon as it has sent too much.
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if length.is_some_and(|length| length > MOST_BYTES) {
        return Some((StatusCode::PAYLOAD_TOO_LARGE, "a scenario of more than 256 KiB\n"));
    }
    None
}
