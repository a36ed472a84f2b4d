package frameworks

import (
	"net/http"

	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

func badEchoHandler(c echo.Context) error {
	db, err := sqlx.Connect("pgx", dsn) // want `sqlx\.Connect runs on each request`
	if err != nil {
		return echo.NewHTTPError(http.StatusServiceUnavailable, err.Error())
	}
	defer db.Close()
	var users []User
	if err := db.SelectContext(c.Request().Context(), &users, "select * from users"); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, users)
}

// badEchoMiddleware is two functions deep; the innermost runs per request.
func badEchoMiddleware(dsn string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			db, err := sqlx.Open("pgx", dsn) // want `sqlx\.Open runs on each request`
			if err != nil {
				return err
			}
			defer db.Close()
			c.Set("tenant", db)
			return next(c)
		}
	}
}

// okEchoMiddleware builds in the second of three levels, which runs once per route.
func okEchoMiddleware(dsn string) echo.MiddlewareFunc {
	db := sqlx.MustOpen("pgx", dsn)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := db.PingContext(c.Request().Context()); err != nil {
				return err
			}
			return next(c)
		}
	}
}

type echoAPI struct{ db *sqlx.DB }

func newEchoAPI(dsn string) *echoAPI { return &echoAPI{db: sqlx.MustConnect("pgx", dsn)} }

// okEchoRoutes builds the API object once.
func okEchoRoutes(e *echo.Echo) {
	api := newEchoAPI(dsn)
	e.GET("/users", api.users)
	e.POST("/bun", api.okBun)
}

func (a *echoAPI) users(c echo.Context) error {
	var users []User
	if err := a.db.SelectContext(c.Request().Context(), &users, "select * from users"); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, users)
}

// okBun wraps the pool it has in bun; that opens nothing.
func (a *echoAPI) okBun(c echo.Context) error {
	db := bun.NewDB(a.db.DB, pgdialect.New())
	var users []User
	if err := db.NewSelect().Model(&users).Scan(c.Request().Context()); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, users)
}

// badEchoObject builds the API object, and with it the pool, in the handler.
func badEchoObject(e *echo.Echo) {
	e.DELETE("/users/:id", func(c echo.Context) error {
		api := newEchoAPI(dsn) // want "newEchoAPI builds a pool on each request"
		_, err := api.db.ExecContext(c.Request().Context(), "delete from users where id = $1", c.Param("id"))
		return err
	})
}
