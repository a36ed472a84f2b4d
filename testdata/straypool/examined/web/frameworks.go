package web

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-pg/pg/v10"
	"github.com/gofiber/fiber/v2"
	v4pool "github.com/jackc/pgx/v4/pgxpool"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"xorm.io/xorm"

	"example.com/poolvet/testdata/straypool/examined/dbx"
	"example.com/poolvet/testdata/straypool/examined/svc"
)

type Book struct {
	gorm.Model
	Title string
}

func badGinGorm(c *gin.Context) {
	db, err := gorm.Open(postgres.Open(os.Getenv("DSN")), &gorm.Config{}) // want `gorm\.Open runs on each request`
	if err != nil {
		c.JSON(http.StatusInternalServerError, gin.H{"error": "Failed to connect to database!"})
		return
	}
	var books []Book
	db.Find(&books)
	c.JSON(http.StatusOK, gin.H{"data": books})
}

func badGinMiddlewareSet() gin.HandlerFunc {
	return func(c *gin.Context) {
		db, err := gorm.Open(postgres.Open(os.Getenv("DSN"))) // want `gorm\.Open runs on each request`
		if err != nil {
			c.AbortWithStatus(500)
			return
		}
		c.Set("db", db)
		c.Next()
	}
}

func initDB() *gorm.DB {
	db, err := gorm.Open(postgres.Open("host=localhost user=gorm"), &gorm.Config{})
	if err != nil {
		panic("failed to connect database")
	}
	_ = db.AutoMigrate(&Book{})
	return db
}

func badGinInitDB(ctx *gin.Context) {
	db := initDB() // want "initDB builds a pool on each request"
	book := Book{Title: ctx.PostForm("title")}
	if res := db.Create(&book); res.Error != nil {
		ctx.AbortWithError(http.StatusBadRequest, res.Error)
		return
	}
	ctx.JSON(201, book)
}

func badGinAuditRow(c *gin.Context) {
	if err := svc.AuditRow(c.Request.Context(), c.FullPath()); err != nil { // want `svc\.AuditRow builds a connection of its own on each request`
		_ = c.Error(err)
	}
}

func badGinGroupInline(r *gin.Engine) {
	v1 := r.Group("/v1")
	{
		v1.GET("/ping", func(c *gin.Context) { c.String(200, "pong") })
		v1.DELETE("/user/:id", func(c *gin.Context) {
			conn, err := pgx.Connect(c, os.Getenv("DSN")) // want `pgx\.Connect runs on each request`
			if err != nil {
				c.Status(503)
				return
			}
			defer conn.Close(c)
			_, _ = conn.Exec(c, "delete from users where id=$1", c.Param("id"))
		})
	}
}

func badEchoPgx(c echo.Context) error {
	pool, err := pgxpool.New(c.Request().Context(), os.Getenv("DSN")) // want `pgxpool\.New runs on each request`
	if err != nil {
		return echo.NewHTTPError(http.StatusInternalServerError, err.Error())
	}
	defer pool.Close()
	var n int64
	if err := pool.QueryRow(c.Request().Context(), "select count(*) from t").Scan(&n); err != nil {
		return err
	}
	return c.JSON(200, map[string]int64{"n": n})
}

func badEchoMiddleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		db := dbx.MustOpen(os.Getenv("DSN")) // want `dbx\.MustOpen builds a pool on each request`
		defer db.Close()
		c.Set("db", db)
		return next(c)
	}
}

type echoAPI struct{ dsn string }

func (a *echoAPI) engine() (*xorm.Engine, error) { return xorm.NewEngine("postgres", a.dsn) }

func (a *echoAPI) badEchoXorm(c echo.Context) error {
	en, err := a.engine() // want `a\.engine builds a pool on each request`
	if err != nil {
		return err
	}
	defer en.Close()
	ok, err := en.Table("u").Where("id = ?", c.Param("id")).Exist()
	if err != nil {
		return err
	}
	return c.JSON(200, ok)
}

func badChiBun(r chi.Router) {
	r.Get("/items", func(w http.ResponseWriter, req *http.Request) {
		sqldb := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(os.Getenv("DSN")))) // want `sql\.OpenDB runs on each request`
		db := bun.NewDB(sqldb, pgdialect.New())
		defer db.Close()
		n, err := db.NewSelect().Table("items").Count(req.Context())
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		fmt.Fprint(w, n)
	})
}

func badChiFacade4(r chi.Router, f svc.Facade) {
	r.Route("/summary", func(r chi.Router) {
		r.Get("/", func(w http.ResponseWriter, req *http.Request) {
			n, err := f.Summary(req.Context()) // want `f\.Summary builds a pool on each request`
			if err != nil {
				w.WriteHeader(500)
				return
			}
			fmt.Fprint(w, n)
		})
	})
}

func badFiberGoPg(c *fiber.Ctx) error {
	db := pg.Connect(&pg.Options{Addr: "db:5432", User: "u", PoolSize: 5}) // want `pg\.Connect runs on each request`
	defer db.Close()
	var n int
	if _, err := db.QueryOneContext(c.UserContext(), pg.Scan(&n), "select 1"); err != nil {
		return fiber.NewError(fiber.StatusInternalServerError, err.Error())
	}
	return c.JSON(n)
}

func badFiberClosure(app *fiber.App) {
	app.Post("/notes", func(c *fiber.Ctx) error {
		pool, err := v4pool.Connect(c.Context(), os.Getenv("DSN")) // want `v4pool\.Connect runs on each request`
		if err != nil {
			return err
		}
		defer pool.Close()
		_, err = pool.Exec(c.Context(), "insert into notes values ($1)", c.Body())
		return err
	})
}

func badEntInHandler(w http.ResponseWriter, r *http.Request) {
	drv, err := entsql.Open("postgres", os.Getenv("DSN")) // want `entsql\.Open runs on each request`
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	defer drv.Close()
	_ = drv.DB().PingContext(r.Context())
}
