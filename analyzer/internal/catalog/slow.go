package catalog

import (
	"cmp"
	"go/types"
	"slices"
	"strings"
	"sync"
)

// What is waited for, where a rule or its wording tells it from the rest.
const (
	OtherGoroutines = "other goroutines"
	Notification    = "a notification"

	// These are what the call does.
	Sleeps        = "sleeps"
	Retries       = "retries"
	RestOfRequest = "runs the rest of the request" // a middleware that calls the next handler
)

// slowFuncs is functions that wait for something outside the program, by what they wait for. Sources: their documentation.
var slowFuncs = map[string]string{
	"time.Sleep": Sleeps,

	"net/http.Get": "HTTP", "net/http.Head": "HTTP", "net/http.Post": "HTTP", "net/http.PostForm": "HTTP",
	"(*net/http.Client).Do": "HTTP", "(*net/http.Client).Get": "HTTP", "(*net/http.Client).Head": "HTTP",
	"(*net/http.Client).Post": "HTTP", "(*net/http.Client).PostForm": "HTTP", "(net/http.RoundTripper).RoundTrip": "HTTP",
	"(*net/http.Transport).RoundTrip": "HTTP",

	"net.Dial": "the network", "net.DialTimeout": "the network", "(*net.Dialer).Dial": "the network", "(*net.Dialer).DialContext": "the network",
	"crypto/tls.Dial": "the network", "net.LookupHost": "DNS", "net.LookupIP": "DNS", "(*net.Resolver).LookupHost": "DNS",

	"net/smtp.SendMail": "mail", "net/smtp.Dial": "mail", "(*net/smtp.Client).Mail": "mail", "(*net/smtp.Client).Data": "mail",
	"(*gopkg.in/gomail.v2.Dialer).DialAndSend":          "mail",
	"(*github.com/wneessen/go-mail.Client).DialAndSend": "mail",
	"(*github.com/sendgrid/sendgrid-go.Client).Send":    "mail",
	"(*github.com/mailgun/mailgun-go.MailgunImpl).Send": "mail",

	"(*os/exec.Cmd).Run": "a process", "(*os/exec.Cmd).Output": "a process", "(*os/exec.Cmd).CombinedOutput": "a process",
	"(*os/exec.Cmd).Wait": "a process", "(*os.Process).Wait": "a process",

	"(*connectrpc.com/connect.Client).CallUnary": "RPC", "(*connectrpc.com/connect.Client).CallServerStream": "RPC",
	"(*google.golang.org/grpc.ClientConn).Invoke": "gRPC", "(google.golang.org/grpc.ClientConnInterface).Invoke": "gRPC",
	"(google.golang.org/grpc.ServerStream).SendMsg": "the client", "(google.golang.org/grpc.ServerStream).RecvMsg": "the client",
	"(google.golang.org/grpc.ClientStream).SendMsg": "gRPC", "(google.golang.org/grpc.ClientStream).RecvMsg": "gRPC",
	"(*github.com/gin-gonic/gin.Context).Next": RestOfRequest, "(*github.com/gofiber/fiber.Ctx).Next": RestOfRequest,
	"(net/http.Handler).ServeHTTP": RestOfRequest, "(net/http.HandlerFunc).ServeHTTP": RestOfRequest,
	"(net/http.Flusher).Flush":                          "the client",
	"(*net/http.ResponseController).Flush":              "the client",
	"(*github.com/gorilla/websocket.Conn).WriteMessage": "the client",
	"(*github.com/gorilla/websocket.Conn).WriteJSON":    "the client",
	"(*github.com/gorilla/websocket.Conn).ReadMessage":  "the client",
	"(*github.com/gorilla/websocket.Conn).ReadJSON":     "the client",

	"github.com/cenkalti/backoff.Retry": Retries, "github.com/cenkalti/backoff.RetryNotify": Retries, "github.com/avast/retry-go.Do": Retries,

	"(*golang.org/x/time/rate.Limiter).Wait": "a rate limiter", "(*golang.org/x/time/rate.Limiter).WaitN": "a rate limiter",
	"(go.uber.org/ratelimit.Limiter).Take": "a rate limiter",

	"(*golang.org/x/sync/semaphore.Weighted).Acquire": "a semaphore",

	"(*sync.Cond).Wait": OtherGoroutines,

	"(*github.com/jackc/pgx/v5.Conn).WaitForNotification":          Notification,
	"(*github.com/jackc/pgx/v5/pgconn.PgConn).WaitForNotification": Notification,
	"(*github.com/jackc/pgx/v4.Conn).WaitForNotification":          Notification,
	"(*github.com/jackc/pgconn.PgConn).WaitForNotification":        Notification,
}

// slowPackages is client libraries of services elsewhere: their methods that take a context, or are requests by name, wait for the network.
var slowPackages = []struct{ prefix, what string }{
	{"github.com/aws/aws-sdk-go-v2/service/", "AWS"},
	{"github.com/aws/aws-sdk-go/service/", "AWS"},
	{"github.com/aws/aws-sdk-go-v2/feature/s3/manager", "AWS"},
	{"github.com/minio/minio-go", "the object store"},
	{"cloud.google.com/go/storage", "the object store"},
	{"github.com/Azure/azure-sdk-for-go/sdk/storage", "the object store"},
	{"github.com/stripe/stripe-go", "Stripe"},
	{"github.com/sashabaranov/go-openai", "OpenAI"},
	{"github.com/openai/openai-go", "OpenAI"},
	{"github.com/anthropics/anthropic-sdk-go", "Anthropic"},
	{"github.com/google/go-github", "GitHub"},
	{"github.com/slack-go/slack", "Slack"},
	{"github.com/hashicorp/vault/api", "Vault"},
	{"github.com/go-resty/resty", "HTTP"},
	{"golang.org/x/oauth2", "OAuth"},
	{"github.com/segmentio/kafka-go", "Kafka"},
	{"cloud.google.com/go/pubsub", "Pub/Sub"},
	{"github.com/twilio/twilio-go", "Twilio"},
}

// requests is the methods of the packages above that wait without being given a context.
var requests = map[string]bool{
	"Get": true, "Post": true, "Put": true, "Delete": true, "Patch": true, "Head": true, "Execute": true, "Send": true, "Exchange": true,
}

// slowPaths is the packages of the functions above, without the major version. Those that too many packages import for other
// things are left out.
var slowPaths = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for name := range slowFuncs {
		if path, _, _, err := splitFunc(name); err == nil {
			out[unversioned(path)] = true
		}
	}
	for _, path := range []string{"time", "sync", "os", "net", "crypto/tls", "github.com/gin-gonic/gin", "github.com/gofiber/fiber"} {
		delete(out, path)
	}
	return out
})

// IsSlow reports whether a package has functions that wait for something outside the program, and is imported for them as a rule.
func (c *Catalog) IsSlow(path string) bool {
	path = cleanPath(path)
	if slowPaths()[unversioned(path)] {
		return true
	}
	for name := range c.slow {
		if strings.HasPrefix(strings.TrimLeft(name, "(*"), path+".") {
			return true
		}
	}
	return slices.ContainsFunc(slowPackages, func(p struct{ prefix, what string }) bool { return strings.HasPrefix(path, p.prefix) })
}

// Waits says what a function waits for outside the program; empty if it is not known to.
func (c *Catalog) Waits(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil {
		return "" // a call of a function value
	}
	name := key(fn)
	if what := cmp.Or(c.slow[name], slowFuncs[name], slowFuncs[unversioned(name)]); what != "" {
		return what
	}
	sig := fn.Signature()
	if isRPC(sig) {
		return "gRPC"
	}
	if sig.Recv() != nil && isStream(sig.Recv().Type()) && (fn.Name() == "Send" || fn.Name() == "Recv" || fn.Name() == "CloseAndRecv" || fn.Name() == "SendAndClose") {
		return "the stream"
	}
	path := cleanPath(fn.Pkg().Path())
	if sig.Recv() == nil || !returnsError(sig) || !takesContext(sig) && !requests[fn.Name()] {
		return "" // it asks nobody anything
	}
	for _, p := range slowPackages {
		if strings.HasPrefix(path, p.prefix) {
			return p.what
		}
	}
	return ""
}

// NextHandler reports whether a function value of this type is the rest of a request for a middleware.
func NextHandler(t types.Type) bool {
	switch unversioned(typeName(t)) {
	case "net/http.HandlerFunc", "github.com/labstack/echo.HandlerFunc", "google.golang.org/grpc.UnaryHandler", "google.golang.org/grpc.StreamHandler":
		return true
	}
	return false
}

// isRPC recognizes a method of a generated gRPC or connect client: it takes a context first and call options last.
func isRPC(sig *types.Signature) bool {
	n := sig.Params().Len()
	if sig.Recv() == nil || n < 2 || !takesContext(sig) {
		return false
	}
	if sig.Variadic() {
		slice, ok := sig.Params().At(n - 1).Type().(*types.Slice)
		return ok && typeName(slice.Elem()) == "google.golang.org/grpc.CallOption"
	}
	return types.IsInterface(sig.Recv().Type()) && strings.HasPrefix(typeName(sig.Params().At(1).Type()), "*connectrpc.com/connect.Request") && returnsError(sig)
}

// isStream recognizes the interface of a gRPC stream, generated or generic.
func isStream(t types.Type) bool {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for i := range iface.NumMethods() {
		if m := iface.Method(i); m.Name() == "SendMsg" || m.Name() == "RecvMsg" {
			return true
		}
	}
	return false
}
