package catalog

import "go/types"

// endsProcess are the functions of other packages that never return. The logging libraries are here because packages that
// only log carry no facts.
var endsProcess = map[string]bool{
	"os.Exit":                                      true,
	"syscall.Exit":                                 true,
	"runtime.Goexit":                               true,
	"log.Fatal":                                    true,
	"log.Fatalf":                                   true,
	"log.Fatalln":                                  true,
	"log.Panic":                                    true,
	"log.Panicf":                                   true,
	"log.Panicln":                                  true,
	"(*log.Logger).Fatal":                          true,
	"(*log.Logger).Fatalf":                         true,
	"(*log.Logger).Fatalln":                        true,
	"(*log.Logger).Panic":                          true,
	"(*log.Logger).Panicf":                         true,
	"(*log.Logger).Panicln":                        true,
	"(*testing.common).FailNow":                    true,
	"(*testing.common).Fatal":                      true,
	"(*testing.common).Fatalf":                     true,
	"(*testing.common).Skip":                       true,
	"(*testing.common).Skipf":                      true,
	"(*testing.common).SkipNow":                    true,
	"(testing.TB).FailNow":                         true,
	"(testing.TB).Fatal":                           true,
	"(testing.TB).Fatalf":                          true,
	"(testing.TB).Skip":                            true,
	"(testing.TB).Skipf":                           true,
	"(testing.TB).SkipNow":                         true,
	"github.com/sirupsen/logrus.Fatal":             true,
	"github.com/sirupsen/logrus.Fatalf":            true,
	"github.com/sirupsen/logrus.Fatalln":           true,
	"(*github.com/sirupsen/logrus.Logger).Fatal":   true,
	"(*github.com/sirupsen/logrus.Logger).Fatalf":  true,
	"(*github.com/sirupsen/logrus.Logger).Fatalln": true,
	"(*github.com/sirupsen/logrus.Entry).Fatal":    true,
	"(*github.com/sirupsen/logrus.Entry).Fatalf":   true,
	"(*github.com/sirupsen/logrus.Entry).Fatalln":  true,
	"(*go.uber.org/zap.Logger).Fatal":              true,
	"(*go.uber.org/zap.Logger).Panic":              true,
	"(*go.uber.org/zap.SugaredLogger).Fatal":       true,
	"(*go.uber.org/zap.SugaredLogger).Fatalf":      true,
	"(*go.uber.org/zap.SugaredLogger).Fatalw":      true,
	"k8s.io/klog/v2.Fatal":                         true,
	"k8s.io/klog/v2.Fatalf":                        true,
	"k8s.io/klog.Fatal":                            true,
	"k8s.io/klog.Fatalf":                           true,
}

// NeverReturns reports whether a function of the standard library or of a logging library ends the process or the goroutine.
func NeverReturns(fn *types.Func) bool { return endsProcess[fn.Origin().FullName()] }
