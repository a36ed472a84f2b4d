package catalog

import (
	"go/types"
	"regexp"
	"strings"
)

// Entry says how often something outside the program runs a function: "on each request". It is empty if nothing is known to.
type Entry string

// The entries. The words stand in messages.
const (
	OnRequest    Entry = "on each request"
	OnConnection Entry = "on each connection"
	OnInvocation Entry = "on each invocation"
	OnMessage    Entry = "for each message"
	OnJob        Entry = "for each job"
	OnTick       Entry = "on each tick"
	OnScrape     Entry = "on each scrape"
	OnHealth     Entry = "on each health check"
)

// entryParams is the types of parameters that only such a function has. A major version in the path is left out.
var entryParams = map[string]Entry{
	"*github.com/gin-gonic/gin.Context":                                   OnRequest,
	"github.com/labstack/echo.Context":                                    OnRequest,
	"*github.com/labstack/echo.Context":                                   OnRequest,
	"*github.com/gofiber/fiber.Ctx":                                       OnRequest,
	"github.com/gofiber/fiber.Ctx":                                        OnRequest,
	"*github.com/valyala/fasthttp.RequestCtx":                             OnRequest,
	"*github.com/kataras/iris/context.Context":                            OnRequest,
	"github.com/gobuffalo/buffalo.Context":                                OnRequest,
	"*github.com/beego/beego/server/web/context.Context":                  OnRequest,
	"*github.com/cloudwego/hertz/pkg/app.RequestContext":                  OnRequest,
	"*github.com/gogf/gf/net/ghttp.Request":                               OnRequest,
	"*github.com/emicklei/go-restful.Request":                             OnRequest,
	"github.com/graphql-go/graphql.ResolveParams":                         OnRequest,
	"*connectrpc.com/connect.Request":                                     OnRequest,
	"connectrpc.com/connect.AnyRequest":                                   OnRequest,
	"connectrpc.com/connect.StreamingHandlerConn":                         OnRequest,
	"*connectrpc.com/connect.ClientStream":                                OnRequest,
	"*connectrpc.com/connect.ServerStream":                                OnRequest,
	"*connectrpc.com/connect.BidiStream":                                  OnRequest,
	"*google.golang.org/grpc.UnaryServerInfo":                             OnRequest,
	"*google.golang.org/grpc.StreamServerInfo":                            OnRequest,
	"google.golang.org/grpc.ServerStream":                                 OnRequest,
	"*github.com/gorilla/websocket.Conn":                                  OnConnection,
	"*github.com/coder/websocket.Conn":                                    OnConnection,
	"*github.com/riverqueue/river.Job":                                    OnJob,
	"*github.com/hibiken/asynq.Task":                                      OnJob,
	"*github.com/vgarvardt/gue.Job":                                       OnJob,
	"*github.com/bgentry/que-go.Job":                                      OnJob,
	"*github.com/gocraft/work.Job":                                        OnJob,
	"*github.com/nats-io/nats.go.Msg":                                     OnMessage,
	"github.com/nats-io/nats.go/jetstream.Msg":                            OnMessage,
	"github.com/rabbitmq/amqp091-go.Delivery":                             OnMessage,
	"github.com/streadway/amqp.Delivery":                                  OnMessage,
	"*github.com/IBM/sarama.ConsumerMessage":                              OnMessage,
	"*github.com/Shopify/sarama.ConsumerMessage":                          OnMessage,
	"github.com/segmentio/kafka-go.Message":                               OnMessage,
	"*github.com/confluentinc/confluent-kafka-go/kafka.Message":           OnMessage,
	"*github.com/twmb/franz-go/pkg/kgo.Record":                            OnMessage,
	"*cloud.google.com/go/pubsub.Message":                                 OnMessage,
	"*github.com/ThreeDotsLabs/watermill/message.Message":                 OnMessage,
	"*github.com/nsqio/go-nsq.Message":                                    OnMessage,
	"github.com/eclipse/paho.mqtt.golang.Message":                         OnMessage,
	"github.com/aws/aws-sdk-go-v2/service/sqs/types.Message":              OnMessage,
	"chan<- github.com/prometheus/client_golang/prometheus.Metric":        OnScrape,
	"github.com/aws/aws-lambda-go/events.APIGatewayProxyRequest":          OnInvocation,
	"github.com/aws/aws-lambda-go/events.APIGatewayV2HTTPRequest":         OnInvocation,
	"github.com/aws/aws-lambda-go/events.APIGatewayWebsocketProxyRequest": OnInvocation,
	"github.com/aws/aws-lambda-go/events.LambdaFunctionURLRequest":        OnInvocation,
	"github.com/aws/aws-lambda-go/events.SQSEvent":                        OnInvocation,
	"github.com/aws/aws-lambda-go/events.SNSEvent":                        OnInvocation,
	"github.com/aws/aws-lambda-go/events.S3Event":                         OnInvocation,
	"github.com/aws/aws-lambda-go/events.KinesisEvent":                    OnInvocation,
	"github.com/aws/aws-lambda-go/events.DynamoDBEvent":                   OnInvocation,
}

// registration is a function that has one of its arguments run again and again.
type registration struct {
	arg  int // index without the receiver
	when Entry
}

// registrations is the functions whose argument is an entry whatever its signature.
var registrations = map[string]registration{
	"github.com/aws/aws-lambda-go/lambda.Start":                     {0, OnInvocation},
	"github.com/aws/aws-lambda-go/lambda.StartWithOptions":          {0, OnInvocation},
	"github.com/aws/aws-lambda-go/lambda.StartWithContext":          {1, OnInvocation},
	"github.com/aws/aws-lambda-go/lambda.StartHandler":              {0, OnInvocation},
	"github.com/aws/aws-lambda-go/lambda.StartHandlerFunc":          {0, OnInvocation},
	"github.com/aws/aws-lambda-go/lambda.NewHandler":                {0, OnInvocation},
	"(*github.com/robfig/cron.Cron).AddFunc":                        {1, OnTick},
	"(*github.com/robfig/cron.Cron).AddJob":                         {1, OnTick},
	"(*github.com/robfig/cron.Cron).Schedule":                       {1, OnTick},
	"github.com/go-co-op/gocron.NewTask":                            {0, OnTick},
	"(*github.com/go-co-op/gocron.Scheduler).Do":                    {0, OnTick},
	"github.com/riverqueue/river.NewPeriodicJob":                    {1, OnTick},
	"k8s.io/apimachinery/pkg/util/wait.Until":                       {0, OnTick},
	"k8s.io/apimachinery/pkg/util/wait.UntilWithContext":            {1, OnTick},
	"k8s.io/apimachinery/pkg/util/wait.JitterUntil":                 {0, OnTick},
	"(github.com/heptiolabs/healthcheck.Handler).AddLivenessCheck":  {1, OnHealth},
	"(github.com/heptiolabs/healthcheck.Handler).AddReadinessCheck": {1, OnHealth},
	"(go.temporal.io/sdk/worker.ActivityRegistry).RegisterActivity": {0, OnJob},
	"github.com/prometheus/client_golang/prometheus.NewGaugeFunc":   {1, OnScrape},
	"github.com/prometheus/client_golang/prometheus.NewCounterFunc": {1, OnScrape},
}

var majorVersion = regexp.MustCompile(`/v[0-9]+\b`)

// unversioned is a name without the major version in its import path: a handler is one in every version.
func unversioned(name string) string { return majorVersion.ReplaceAllString(name, "") }

// EntryBySignature returns how often a function with these parameters runs, by their types alone. Only part of a program is
// run from outside, but whoever has a request in hand serves one.
func EntryBySignature(sig *types.Signature) Entry {
	writer, request := false, false
	for v := range sig.Params().Variables() {
		name := typeName(v.Type())
		writer = writer || name == "net/http.ResponseWriter"
		request = request || name == "*net/http.Request"
		if when := entryParams[unversioned(name)]; when != "" {
			return when
		}
	}
	if writer && request || grpcMethod(sig) {
		return OnRequest
	}
	return ""
}

// grpcMethod reports whether a signature is that of a method handler in a grpc.ServiceDesc.
func grpcMethod(sig *types.Signature) bool {
	p := sig.Params()
	return p.Len() == 4 && typeName(p.At(1).Type()) == "context.Context" && typeName(p.At(3).Type()) == "google.golang.org/grpc.UnaryServerInterceptor"
}

// EntryByRegistration returns which argument of a call of fn is run again and again, receiver not counted, and how often.
func EntryByRegistration(fn *types.Func) (arg int, when Entry) {
	if fn == nil || fn.Pkg() == nil {
		return 0, "" // a call of a function value
	}
	if r, ok := registrations[unversioned(key(fn))]; ok {
		return r.arg, r.when
	}
	params := fn.Signature().Params()
	if when := subscriptions[fn.Name()]; when != "" && fn.Signature().Recv() != nil {
		for i := range params.Len() {
			if _, isFunc := params.At(i).Type().Underlying().(*types.Signature); isFunc {
				return i, when
			}
		}
	}
	if strings.HasPrefix(fn.Name(), "Register") && params.Len() == 2 && grpcRegistrar[typeName(params.At(0).Type())] {
		return 1, OnRequest // generated by protoc: RegisterGreeterServer(s, srv)
	}
	return 0, ""
}

// subscriptions is the names of methods that have a function run for each message, in every client for a queue.
var subscriptions = map[string]Entry{
	"Subscribe": OnMessage, "QueueSubscribe": OnMessage, "Consume": OnMessage, "OnMessage": OnMessage,
}

var grpcRegistrar = map[string]bool{
	"google.golang.org/grpc.ServiceRegistrar": true,
	"*google.golang.org/grpc.Server":          true,
}

// EntryByService returns how often a method runs whose receiver embeds the type that protoc and connect generate for the
// methods that a service does not implement: UnimplementedGreeterServer, UnimplementedGreeterHandler.
func EntryByService(method *types.Func) Entry {
	recv := method.Signature().Recv()
	if recv == nil || !method.Exported() {
		return ""
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	for f := range s.Fields() {
		service := strings.TrimSuffix(strings.TrimSuffix(f.Name(), "Server"), "Handler")
		if !f.Embedded() || !strings.HasPrefix(f.Name(), "Unimplemented") || service == f.Name() {
			continue // not generated
		}
		if obj, _, _ := types.LookupFieldOrMethod(f.Type(), true, method.Pkg(), method.Name()); obj != nil {
			return OnRequest
		}
	}
	return ""
}

// RunsOnce reports whether fn sees to it that the function it is given runs at most once: sync.Once, sync.OnceValue.
func RunsOnce(fn *types.Func) bool {
	if fn == nil {
		return false // a call of a function value
	}
	switch key(fn) {
	case "(*sync.Once).Do", "sync.OnceFunc", "sync.OnceValue", "sync.OnceValues":
		return true
	}
	return false
}

// RunsLater reports whether fn runs the function that is its last argument once, after a while.
func RunsLater(fn *types.Func) bool { return fn != nil && key(fn) == "time.AfterFunc" }
