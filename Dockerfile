# syntax=docker/dockerfile:1
#
# Whippet as a SageMaker container: `docker run IMAGE train`, `docker run IMAGE serve`. docs/container.md says how it is used.
#
#   docker build -t whippet .                              runs as an ordinary user
#   docker build --build-arg RUN_AS=root -t whippet .      for SageMaker on AWS, which wants root in containers

FROM node:24-slim AS build
WORKDIR /whippet
# First what seldom changes, so that dependencies stay in Docker's cache.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json LICENSE NOTICE README.md CHANGELOG.md ./
COPY bin/ bin/
COPY scripts/ scripts/
COPY docs/ docs/
COPY src/ src/
# The package as it is published, installed without what only a checkout needs.
RUN npm run pack \
 && npm install --prefix /opt/whippet --omit=dev --ignore-scripts --no-audit --no-fund ./whippet-*.tgz
# ONNX Runtime comes for several systems: this one's is kept.
RUN cd /opt/whippet/node_modules/whippet/node_modules/onnxruntime-node/bin/napi-v6 \
 && rm -rf darwin \
 && find linux -mindepth 1 -maxdepth 1 ! -name "$(node -p process.arch)" -exec rm -rf {} +

FROM node:24-slim
# Who runs in the container: `node` (uid 1000) is in the base image.
ARG RUN_AS=node
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/opt/whippet/compile-cache \
    WHIPPET_CACHE=/tmp/whippet
COPY --from=build /opt/whippet /opt/whippet
# The two calls fill the compile cache (half a second of each start) and end with 1, as they find no data and no model.
RUN ln -s /opt/whippet/node_modules/.bin/whippet /usr/local/bin/whippet \
 && mkdir -p /opt/ml \
 && chown node:node /opt/ml \
 && (whippet container train --root /tmp/none || true) \
 && (whippet container serve --root /tmp/none || true) \
 && rm -rf /tmp/none
# SageMaker may choose the port (SAGEMAKER_BIND_TO_PORT).
LABEL com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true
EXPOSE 8080
USER ${RUN_AS}
WORKDIR /opt/ml
ENTRYPOINT ["whippet", "container"]
