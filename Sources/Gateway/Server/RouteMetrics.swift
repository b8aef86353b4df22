import Domain
import HTTPTypes
import Hummingbird
import Logging

/// Counts the requests of the management API, and turns every error into a problem.
struct RouteMetrics<Context: RequestContext>: RouterMiddleware {
    let telemetry: GatewayTelemetry
    let logger: Logger

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = try problem(for: error, request: request).response(from: request, context: context)
        }
        telemetry.answered(route: context.endpointPath ?? "none", status: response.status.code)
        return response
    }

    private func problem(for error: any Error, request: Request) -> ProblemError {
        switch error {
        case let problem as ProblemError:
            return problem
        case let error as any HTTPResponseError where error.status == .notFound:
            return ProblemError(
                "not-found",
                404,
                "Not found",
                "there is no \(request.method.rawValue) \(Printable.text(request.uri.path))"
            )
        case let error as any HTTPResponseError:
            return ProblemError("request.invalid", error.status.code, "Invalid request", error.status.reasonPhrase)
        default:
            logger.error("a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return ProblemError(
                "platform.internal",
                500,
                "Internal error",
                "the node could not do this; its log says why"
            )
        }
    }
}
