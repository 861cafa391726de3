// The client github.com/twmb/franz-go/pkg/sr against the server at SYMBOLON_URL.
package interop

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
)

const (
	orderV1     = `{"type":"record","name":"Order","namespace":"go","fields":[{"name":"id","type":"long"}]}`
	orderV2     = `{"type":"record","name":"Order","namespace":"go","fields":[{"name":"id","type":"long"},{"name":"note","type":"string","default":""}]}`
	orderBroken = `{"type":"record","name":"Order","namespace":"go","fields":[{"name":"id","type":"long"},{"name":"note","type":"string"}]}`
)

func url() string { return os.Getenv("SYMBOLON_URL") }

func newClient(t *testing.T, options ...sr.ClientOpt) *sr.Client {
	t.Helper()
	client, err := sr.NewClient(append(options, sr.URLs(url()))...)
	must(t, err)
	return client
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, found, expected any) {
	t.Helper()
	if !reflect.DeepEqual(found, expected) {
		t.Fatalf("%s: found %v, expected %v", what, found, expected)
	}
}

// refusal is the error as the client knows it.
func refusal(t *testing.T, err error) (*sr.ResponseError, *sr.Error) {
	t.Helper()
	var response *sr.ResponseError
	if !errors.As(err, &response) {
		t.Fatalf("expected a refusal, found %v", err)
	}
	return response, response.SchemaError()
}

func avro(text string) sr.Schema { return sr.Schema{Schema: text, Type: sr.TypeAvro} }

func TestASchemaIsCreatedOnceAndFoundEveryWay(t *testing.T) {
	ctx, client := context.Background(), newClient(t)
	created, err := client.CreateSchema(ctx, "go-orders-value", avro(orderV1))
	must(t, err)
	again, err := client.CreateSchema(ctx, "go-orders-value", avro(orderV1))
	must(t, err)
	equal(t, "created twice", again, created)
	equal(t, "version", created.Version, 1)

	byVersion, err := client.SchemaByVersion(ctx, "go-orders-value", -1)
	must(t, err)
	equal(t, "latest", byVersion.ID, created.ID)
	found, err := client.LookupSchema(ctx, "go-orders-value", avro(orderV1))
	must(t, err)
	equal(t, "looked up", found.ID, created.ID)
	byID, err := client.SchemaByID(ctx, created.ID)
	must(t, err)
	equal(t, "by id", byID.Schema, orderV1)
	text, err := client.SchemaTextByID(ctx, created.ID)
	must(t, err)
	equal(t, "text by id", text, orderV1)
	text, err = client.SchemaTextByVersion(ctx, "go-orders-value", 1)
	must(t, err)
	equal(t, "text by version", text, orderV1)
	byGUID, err := client.SchemaByGUID(ctx, byVersion.GUID)
	must(t, err)
	equal(t, "by guid", byGUID.Schema.Schema, orderV1)
	ids, err := client.SchemaIDsByGUID(ctx, byVersion.GUID)
	must(t, err)
	equal(t, "ids of guid", ids, []sr.ContextID{{Context: ".", ID: created.ID}})
	subjects, err := client.SubjectsByID(ctx, created.ID)
	must(t, err)
	if !slices.Contains(subjects, "go-orders-value") {
		t.Fatalf("subjects by id: %v", subjects)
	}
	types, err := client.SupportedTypes(ctx)
	must(t, err)
	equal(t, "types", types, []sr.SchemaType{sr.TypeAvro, sr.TypeProtobuf, sr.TypeJSON})
	usages, err := client.SchemaUsagesByID(ctx, created.ID)
	must(t, err)
	if len(usages) == 0 || usages[0].ID != created.ID {
		t.Fatalf("usages by id: %v", usages)
	}
}

func TestAnIncompatibleSchemaIsRefusedWithItsReasons(t *testing.T) {
	ctx, client := context.Background(), newClient(t)
	_, err := client.CreateSchema(ctx, "go-strict-value", avro(orderV1))
	must(t, err)
	_, err = client.CreateSchema(ctx, "go-strict-value", avro(orderBroken))
	response, _ := refusal(t, err)
	equal(t, "status", response.StatusCode, 409)
	checked, err := client.CheckCompatibility(sr.WithParams(ctx, sr.Verbose), "go-strict-value", -1, avro(orderBroken))
	must(t, err)
	equal(t, "compatible", checked.Is, false)
	if len(checked.Messages) != 4 {
		t.Fatalf("messages: %v", checked.Messages)
	}
	checked, err = client.CheckCompatibility(ctx, "go-strict-value", -2, avro(orderV2))
	must(t, err)
	equal(t, "compatible", checked.Is, true)
}

func TestErrorsAreTheOnesThatTheClientKnows(t *testing.T) {
	ctx, client := context.Background(), newClient(t)
	_, err := client.SchemaByVersion(ctx, "go-nothing", 1)
	_, known := refusal(t, err)
	equal(t, "unknown subject", known, sr.ErrSubjectNotFound)
	_, err = client.SchemaByID(ctx, 1_000_000)
	_, known = refusal(t, err)
	equal(t, "unknown id", known, sr.ErrSchemaNotFound)
	_, err = client.CreateSchema(ctx, "go-invalid", avro(`{"type":"nothing"}`))
	_, known = refusal(t, err)
	equal(t, "invalid schema", known, sr.ErrInvalidSchema)
	_, err = client.DeleteSubject(ctx, "go-nothing", sr.SoftDelete)
	_, known = refusal(t, err)
	equal(t, "deleting an unknown subject", known, sr.ErrSubjectNotFound)
}

func TestAContextKeepsSubjectsIdsAndSettingsApart(t *testing.T) {
	ctx := context.Background()
	plain, inContext := newClient(t), newClient(t, sr.DefaultSchemaContext(".go-team"))
	_, err := plain.CreateSchema(ctx, "go-context-value", avro(orderV2))
	must(t, err)
	created, err := inContext.CreateSchema(ctx, "go-context-value", avro(orderV1))
	must(t, err)
	equal(t, "created in a context", []any{created.Subject, created.Version, created.ID},
		[]any{":.go-team:go-context-value", 1, 1})
	contexts, err := plain.Contexts(ctx)
	must(t, err)
	equal(t, "contexts", contexts, []string{".", ".go-team"})
	subjects, err := inContext.Subjects(ctx)
	must(t, err)
	equal(t, "subjects of the context", subjects, []string{":.go-team:go-context-value"})

	for _, set := range inContext.SetCompatibility(ctx, sr.SetCompatibility{Level: sr.CompatNone}, "go-context-value") {
		must(t, set.Err)
	}
	_, err = inContext.CreateSchema(ctx, "go-context-value", avro(orderBroken))
	must(t, err)
	level := plain.Compatibility(ctx, ":.go-team:go-context-value")[0]
	must(t, level.Err)
	equal(t, "level", level.Level, sr.CompatNone)
	_, known := refusal(t, plain.Compatibility(ctx, "go-context-value")[0].Err)
	equal(t, "level of the other context", known, sr.ErrSubjectLevelCompatibilityNotConfigured)
	err = inContext.DeleteContext(ctx, ".go-team")
	_, known = refusal(t, err)
	equal(t, "deleting a context in use", known, sr.ErrContextNotEmpty)
}

func TestReferencesAreKeptAndProtectWhatTheyPointTo(t *testing.T) {
	ctx, client := context.Background(), newClient(t)
	_, err := client.CreateSchema(ctx, "go-address", avro(`{"type":"record","name":"Address","namespace":"go","fields":[{"name":"city","type":"string"}]}`))
	must(t, err)
	references := []sr.SchemaReference{{Name: "go.Address", Subject: "go-address", Version: 1}}
	customer := sr.Schema{Schema: `{"type":"record","name":"Customer","namespace":"go","fields":[{"name":"home","type":"Address"}]}`, References: references}
	created, err := client.CreateSchema(ctx, "go-customer-value", customer)
	must(t, err)
	equal(t, "references", created.References, references)
	referrers, err := client.SchemaReferences(ctx, "go-address", 1)
	must(t, err)
	if len(referrers) != 1 || referrers[0].Subject != "go-customer-value" {
		t.Fatalf("referrers: %v", referrers)
	}
	_, err = client.DeleteSubject(ctx, "go-address", sr.SoftDelete)
	_, known := refusal(t, err)
	equal(t, "deleting what is referred to", known, sr.ErrReferenceExists)
}

func TestMetadataAndRulesTravelWithTheSchema(t *testing.T) {
	ctx, client := context.Background(), newClient(t)
	schema := avro(orderV1)
	schema.SchemaMetadata = &sr.SchemaMetadata{
		Tags:       map[string][]string{"go.Order.id": {"PII"}},
		Properties: map[string]string{"owner": "sales", "major": "1"},
		Sensitive:  []string{"owner"},
	}
	schema.SchemaRuleSet = &sr.SchemaRuleSet{
		MigrationRules: []sr.SchemaRule{{Name: "up", Kind: sr.SchemaRuleKindTransform, Mode: sr.SchemaRuleModeUpgrade, Type: "JSONATA", Expr: "$"}},
		DomainRules:    []sr.SchemaRule{{Name: "positive", Kind: sr.SchemaRuleKindCondition, Mode: sr.SchemaRuleModeWrite, Type: "CEL", Expr: "message.id > 0", OnFailure: "ERROR"}},
	}
	created, err := client.CreateSchema(ctx, "go-contract-value", schema)
	must(t, err)
	equal(t, "metadata", created.SchemaMetadata, schema.SchemaMetadata)
	equal(t, "rules", asJSON(t, created.SchemaRuleSet), asJSON(t, schema.SchemaRuleSet))
	bare, err := client.CreateSchema(ctx, "go-bare-value", avro(orderV1))
	must(t, err)
	if bare.ID == created.ID {
		t.Fatal("a schema with a contract shares the id of one without")
	}
	config := sr.SetCompatibility{Level: sr.CompatBackward, Group: "major", DefaultMetadata: &sr.SchemaMetadata{Properties: map[string]string{"team": "go"}}}
	for _, set := range client.SetCompatibility(ctx, config, "go-contract-value") {
		must(t, set.Err)
	}
	level := client.Compatibility(ctx, "go-contract-value")[0]
	must(t, level.Err)
	equal(t, "group", level.Group, "major")
	equal(t, "default metadata", level.DefaultMetadata, config.DefaultMetadata)
	next := avro(orderBroken) // another group: not compared with the first
	next.SchemaMetadata = &sr.SchemaMetadata{Properties: map[string]string{"major": "2"}}
	second, err := client.CreateSchema(ctx, "go-contract-value", next)
	must(t, err)
	equal(t, "merged metadata", second.SchemaMetadata.Properties, map[string]string{"major": "2", "team": "go"})
}

func TestModesForbidAndAllowImports(t *testing.T) {
	ctx, client := context.Background(), newClient(t)
	for _, set := range client.SetMode(ctx, sr.ModeImport, "go-import-value") {
		must(t, set.Err)
	}
	imported, err := client.CreateSchemaWithIDAndVersion(ctx, "go-import-value", avro(orderV1), 4711, 7)
	// Equal content has an id of its own already; the import gives it another one.
	must(t, err)
	equal(t, "imported", []int{imported.ID, imported.Version}, []int{4711, 7})
	for _, set := range client.SetMode(ctx, sr.ModeReadOnly, "go-import-value") {
		must(t, set.Err)
	}
	_, err = client.CreateSchema(ctx, "go-import-value", avro(orderV2))
	_, known := refusal(t, err)
	equal(t, "read-only", known, sr.ErrOperationNotPermitted)
	equal(t, "mode", client.Mode(ctx, "go-import-value")[0].Mode, sr.ModeReadOnly)
	must(t, client.ResetMode(ctx, "go-import-value")[0].Err)
}

func TestDeletedSchemasAreListedOnRequestUntilTheyAreGone(t *testing.T) {
	ctx, client := context.Background(), newClient(t)
	_, err := client.CreateSchema(ctx, "go-gone-value", avro(orderV1))
	must(t, err)
	_, err = client.CreateSchema(ctx, "go-gone-value", avro(orderV2))
	must(t, err)
	must(t, client.DeleteSchema(ctx, "go-gone-value", 2, sr.SoftDelete))
	versions, err := client.SubjectVersions(ctx, "go-gone-value")
	must(t, err)
	equal(t, "live versions", versions, []int{1})
	versions, err = client.SubjectVersions(sr.WithParams(ctx, sr.ShowDeleted), "go-gone-value")
	must(t, err)
	equal(t, "all versions", versions, []int{1, 2})
	_, err = client.DeleteSubject(ctx, "go-gone-value", sr.HardDelete)
	_, known := refusal(t, err)
	equal(t, "permanent before soft", known, sr.ErrSubjectNotSoftDeleted)
	deleted, err := client.DeleteSubject(ctx, "go-gone-value", sr.SoftDelete)
	must(t, err)
	equal(t, "softly deleted", deleted, []int{1})
	deleted, err = client.DeleteSubject(ctx, "go-gone-value", sr.HardDelete)
	must(t, err)
	equal(t, "deleted for good", deleted, []int{1, 2})
}

func TestTheSerdeFramesAndFindsMessages(t *testing.T) {
	ctx, client := context.Background(), newClient(t)
	type order struct {
		ID int64 `json:"id"`
	}
	created, err := client.CreateSchema(ctx, "go-serde-value", avro(orderV1))
	must(t, err)
	serde := sr.NewSerde()
	serde.Register(created.ID, order{}, sr.EncodeFn(json.Marshal), sr.DecodeFn(json.Unmarshal))
	data, err := serde.Encode(order{ID: 7})
	must(t, err)
	id, _, err := serde.DecodeID(data)
	must(t, err)
	equal(t, "id in the message", id, created.ID)
	var read order
	must(t, serde.Decode(data, &read))
	equal(t, "message", read, order{ID: 7})
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	must(t, err)
	return string(text)
}
